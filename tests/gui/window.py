"""What the scenes with a window are made of: keys, clicks, pictures, and a look into the database and the keyring."""

import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import time

PATIENCE = 60
# Direction and state of a message of ours that the server has, that has arrived, that was read.
ARRIVED = [(1, 2), (1, 4), (1, 5)]


class Failed(Exception):
    """A scene did not go as it should."""


def until(what, question, patience=PATIENCE):
    """Asks until there is an answer."""
    end = time.monotonic() + patience
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Failed(f"waited {patience} s in vain for: {what}")
        time.sleep(0.05)


def children(process):
    """A process, and what it has started."""
    tasks = pathlib.Path(f"/proc/{process}/task").glob("*/children")
    found = [process]
    for task in tasks:
        try:
            for child in task.read_text().split():
                found += children(int(child))
        except OSError:
            pass
    return found


class Launched:
    """A program that the desktop has started from its entry: no child of ours."""

    def __init__(self, entry, program, log, *links):
        subprocess.run(["gio", "launch", entry, *links], check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=PATIENCE)
        self.pid = until(f"{program} to run", lambda: min(running(program), default=None))
        # It is told to whoever has started it, and to nobody else.
        self.returncode = None

    def poll(self):
        """What it has ended with, as far as that can be known; nothing while it runs."""
        try:
            state = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            state = "X"
        self.returncode = 0 if state in "XZ" else None
        return self.returncode

    def wait(self, patience=PATIENCE):
        """Waits until it has ended."""
        end = time.monotonic() + patience
        while self.poll() is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired(str(self.pid), patience)
            time.sleep(0.05)
        return self.returncode


def running(program):
    """The processes that run that file."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if (process / "exe").readlink() == pathlib.Path(program).resolve():
                found.append(int(process.name))
        except OSError:
            pass
    return found


class Window:
    """The running program: its window, its data, and pictures of it."""

    def __init__(self, program, folder, pictures, *arguments, size=(1000, 720), entry=None):
        """In that folder, or where the program keeps its things by itself; started by its entry, if one is given."""
        usual = pathlib.Path(os.environ["XDG_DATA_HOME"]) / "causerie"
        self.data = pathlib.Path(folder) / "data" if folder else usual
        self.pictures = pathlib.Path(pictures)
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.log = open(self.pictures / "output.log", "a")
        command = [program, *(["--data-dir", str(folder)] if folder else []), *arguments]
        if entry:
            self.process = Launched(entry, program, self.log, *arguments)
        else:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.size, self.shown_by = size, None
        self.id = until("a window", self._find)
        xdotool("windowactivate", "--sync", self.id)
        xdotool("windowsize", "--sync", self.id, *map(str, size))
        # Out of the way of the pictures.
        xdotool("mousemove", "0", "0")

    def _find(self):
        if self.process.poll() is not None:
            raise Failed(f"the program has ended with {self.process.returncode}; see {self.log.name}")
        for process in children(self.process.pid):
            found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(process)], capture_output=True, text=True)
            if found.stdout.split():
                self.shown_by = process
                return found.stdout.split()[0]
        return None

    def key(self, *keys):
        """Presses keys, one after the other."""
        for key in keys:
            xdotool("key", "--clearmodifiers", key)
            time.sleep(0.08)

    def type(self, text):
        """Types a text."""
        xdotool("type", "--clearmodifiers", "--delay", "15", text)
        time.sleep(0.15)

    def click(self, x, y):
        """Clicks at a place in the window."""
        xdotool("mousemove", "--window", self.id, str(x), str(y), "click", "1")
        time.sleep(0.15)

    def drag(self, x, to, y):
        """Draws over what stands in a line, from its end. Not three clicks: a window that is busy sees them too far apart."""
        xdotool("mousemove", "--window", self.id, str(x), str(y), "mousedown", "1")
        for place in ((x + to) // 2, to):
            time.sleep(0.3)
            xdotool("mousemove", "--window", self.id, str(place), str(y))
        time.sleep(0.3)
        xdotool("mouseup", "1")

    def come(self):
        """Comes to the front."""
        xdotool("windowactivate", "--sync", self.id)

    def remembered(self):
        """What the wizard remembers of what was typed."""
        try:
            return json.loads((self.data / "wizard.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}

    def picture(self, name, wait=0.6):
        """Takes a picture of the window once it has come to rest."""
        time.sleep(wait)
        file = self.pictures / f"{name}.png"
        subprocess.run(["import", "-window", self.id, str(file)], check=True)
        return file

    def rows(self, sql, *values):
        """What the database says; nothing while there is none."""
        file = self.data / "causerie.db"
        if not file.exists():
            return []
        try:
            database = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=0.5)
            try:
                return database.execute(sql, values).fetchall()
            finally:
                database.close()
        except sqlite3.OperationalError:
            return []

    def message(self, text):
        """The direction and state of a message, once it is there."""
        rows = self.rows("SELECT direction, state FROM message WHERE body = ?", text)
        return rows[0] if rows else None

    def quit(self):
        """Closes the window as a person does, and waits until the program has ended. Keys that the desktop has not taken are pressed again."""
        end = time.monotonic() + 20
        while True:
            # From the moment on that it is closed it is not to be seen.
            if self._is_seen():
                xdotool("windowactivate", "--sync", self.id, "key", "--clearmodifiers", "alt+F4")
            try:
                self.process.wait(5)
                return
            except subprocess.TimeoutExpired:
                if time.monotonic() > end:
                    raise Failed("the program does not end when its window is closed") from None

    def _is_seen(self):
        pid = str(self.shown_by or self.process.pid)
        seen = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", pid], capture_output=True, text=True)
        return self.id in seen.stdout.split()

    def kill(self):
        """Ends the program, whatever it does."""
        if self.process.poll() is None:
            # What has started it ends with it.
            os.kill(self.shown_by or self.process.pid, signal.SIGKILL)
            self.process.wait()


class Drive:
    """Somebody else, without a window."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, do, **fields):
        """Gives a command and waits for its good answer."""
        self.process.stdin.write(json.dumps({"do": do, **fields}) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            answer = json.loads(line)
            if "answer" in answer:
                if not answer["ok"]:
                    raise Failed(f"{do} {fields}: {answer}")
                return answer
        raise Failed("drive has ended")

    def wait(self, **fields):
        """Waits for an event."""
        return self.ask("wait", **{"for": fields, "seconds": PATIENCE})["event"]

    def quit(self):
        """Says goodbye."""
        self.ask("quit")
        self.process.wait(20)


class Browser:
    """In place of the programs that a desktop opens links with: notes what was to be opened, and opens nothing."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True)
        self.notes = folder / "opened"
        for name in ("xdg-open", "gio", "gnome-open", "kde-open", "wslview"):
            program = folder / name
            program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{self.notes}'\n")
            program.chmod(0o755)
        os.environ["PATH"] = f"{folder}:{os.environ['PATH']}"

    def opened(self):
        """What was to be opened so far."""
        return self.notes.read_text().split("\n")[:-1] if self.notes.exists() else []


class Chooser:
    """In place of the desktop's window for files, where there is no portal: gives the file that a person would choose, each once."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True)
        self.notes, self.choice = folder / "asked", folder / "choice"
        program = folder / "zenity"
        program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$*\" >> '{self.notes}'\n"
                           f"[ -e '{self.choice}' ] && cat '{self.choice}' && rm '{self.choice}'\n")
        program.chmod(0o755)
        os.environ["PATH"] = f"{folder}:{os.environ['PATH']}"

    def will_choose(self, file):
        """What is chosen the next time; without it, it is thought better of."""
        self.choice.write_text(f"{file}\n")

    def will(self):
        """Whether something is still to be chosen."""
        return self.choice.exists()

    def asked(self):
        """What it was asked for so far."""
        return self.notes.read_text().split("\n")[:-1] if self.notes.exists() else []


def drop(window, file):
    """Lets a file fall onto a window."""
    program = pathlib.Path(__file__).parent / "dropping.py"
    found = subprocess.run([sys.executable, program, window.id, file], capture_output=True, text=True, timeout=PATIENCE)
    if found.returncode != 0:
        raise Failed(found.stderr)


def put_on_clipboard(content, kind="UTF8_STRING"):
    """Puts a text, or a file of that type, on the clipboard."""
    command = ["xclip", "-selection", "clipboard", "-target", kind, "-in"]
    # What offers it goes on until somebody else has something to offer.
    subprocess.run(command, input=content, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def clipboard():
    """The text on the clipboard."""
    found = subprocess.run(["xclip", "-selection", "clipboard", "-out"], capture_output=True, text=True, timeout=20)
    return found.stdout if found.returncode == 0 else None


def xdotool(*arguments):
    """Runs xdotool."""
    subprocess.run(["xdotool", *arguments], check=True, stdout=subprocess.DEVNULL)


def kept_password(jid):
    """The password that the keyring has for an account."""
    found = subprocess.run(
        ["secret-tool", "lookup", "service", "org.causerie.Causerie", "username", jid], capture_output=True, text=True)
    return found.stdout if found.returncode == 0 else None


def play(scene):
    """Runs a scene; says what went wrong."""
    try:
        scene()
    except (Failed, subprocess.SubprocessError) as fault:
        print(f"{sys.argv[0]}: {fault}", file=sys.stderr)
        sys.exit(1)


def stage(name):
    """What the script that has set the stage says of it."""
    return os.environ[f"STAGE_{name}"]
