"""Measures the program; `run` sets the stage."""

import os
import pathlib
import subprocess
import sys
import time

from Xlib import X, display, error

from window import Drive, Failed, Window, play, stage, until

BINARIES, WORK, IDLE = sys.argv[1], pathlib.Path(sys.argv[2]), float(sys.argv[3])
PROGRAM = f"{BINARIES}/causerie"
TICKS = os.sysconf("SC_CLK_TCK")
STARTS = 5
MESSAGES = 20


class Screen:
    """What is on the screen, asked quickly."""

    def __init__(self):
        self.display = display.Display()
        self.root = self.display.screen().root
        self.list = self.display.intern_atom("_NET_CLIENT_LIST")

    def window(self):
        """The only window, once it is there."""
        found = self.root.get_full_property(self.list, X.AnyPropertyType)
        return self.display.create_resource_object("window", found.value[0]) if found and len(found.value) else None

    def leave(self):
        """Takes the keyboard away from every window."""
        self.root.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
        self.display.sync()

    def colours(self, window):
        """How many colours are on a dozen lines across the window: those of text with soft edges are many."""
        try:
            size = window.get_geometry()
            lines = [window.get_image(0, size.height * number // 13, size.width, 1, X.ZPixmap, 0xFFFFFFFF).data
                     for number in range(1, 13)]
        except error.XError:
            return 0
        return len({line[at:at + 4] for line in lines for at in range(0, len(line), 4)})


def cpu(pid):
    """CPU seconds of a process so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid):
    """PSS and private memory, in MiB."""
    lines = dict(line.split(":") for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    kib = {name: int(value.split()[0]) for name, value in lines.items()}
    return kib["Pss"] / 1024, (kib["Private_Clean"] + kib["Private_Dirty"]) / 1024


def switches(pid):
    """How often each thread of a process went to sleep so far."""
    counts = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            status = (task / "status").read_text()
        except OSError:
            continue
        counts[task.name] = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("voluntary"))
    return counts


def start(screen, data, enough):
    """Seconds until the window is there, something is painted, and there is something to use; CPU seconds at the first paint."""
    begin = time.monotonic()
    process = subprocess.Popen([PROGRAM, "--data-dir", str(data)], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    marks = {}
    cpu_at_first = None
    while len(marks) < 3:
        if process.poll() is not None or time.monotonic() - begin > 60:
            raise Failed(f"the program shows nothing: {marks}")
        window = screen.window()
        now = time.monotonic() - begin
        if window is not None:
            marks.setdefault("mapped", now)
            colours = screen.colours(window)
            if "painted" not in marks and colours > 1:
                marks["painted"] = now
                cpu_at_first = cpu(process.pid)
            # The words of the first page, or the names and pictures of contacts.
            if colours > enough:
                marks["usable"] = now
        time.sleep(0.004)
    process.terminate()
    process.wait(20)
    until("the end of the window", lambda: screen.window() is None)
    return marks["mapped"], marks["painted"], marks["usable"], cpu_at_first


def starts(screen, data, enough):
    """The median of several starts."""
    runs = [start(screen, data, enough) for _ in range(STARTS)]
    return [sorted(column)[STARTS // 2] for column in zip(*runs)]


def settled(pid):
    """Waits until a process does next to nothing."""
    def calm():
        before = cpu(pid)
        time.sleep(3)
        return cpu(pid) - before < 0.06
    until("calm", calm, 120)


def idle(pid):
    """CPU in percent of one core, and wake-ups a second."""
    before, slept = cpu(pid), switches(pid)
    time.sleep(IDLE)
    woken = sum(count - slept.get(thread, 0) for thread, count in switches(pid).items())
    return (cpu(pid) - before) / IDLE * 100, woken / IDLE


def row(what, value):
    """A line of the table."""
    print(f"| {what:<62} | {value:>22} |", flush=True)


def scene():
    screen = Screen()
    print(f"\nload average {os.getloadavg()[0]:.2f}, {os.cpu_count()} processors, {BINARIES}\n")
    row("what", "value")
    row("-" * 62, "-" * 22)
    row("size of the program", f"{os.path.getsize(PROGRAM) / 1e6:.1f} MB")
    for what, data, enough in [("nothing yet", WORK / "empty", 20),
                               ("200 contacts, 20,000 messages", WORK / "seeded", 100)]:
        mapped, painted, listed, used = starts(screen, data, enough)
        row(f"start, {what}: window / first frame / usable",
            f"{mapped * 1000:.0f} / {painted * 1000:.0f} / {listed * 1000:.0f} ms")
        row(f"start, {what}: CPU to the first frame", f"{used:.2f} s")

    window = Window(PROGRAM, WORK / "seeded", WORK / "pictures")
    try:
        pid = window.process.pid
        settled(pid)
        pss, private = memory(pid)
        row("memory, list shown: PSS / private", f"{pss:.0f} / {private:.0f} MiB")
        window.key("ctrl+k")
        window.type("contact000")
        window.key("Return")
        window.key("Prior", "Prior", "Prior", "Next", "Next", "Next")
        settled(pid)
        pss, private = memory(pid)
        row("memory, a long conversation read: PSS / private", f"{pss:.0f} / {private:.0f} MiB")
        percent, woken = idle(pid)
        row(f"idle for {IDLE:.0f} s, online, focus in the composer: CPU / wake-ups", f"{percent:.2f} % / {woken:.1f} /s")
        screen.leave()
        settled(pid)
        percent, woken = idle(pid)
        row(f"idle for {IDLE:.0f} s, online, focus elsewhere: CPU / wake-ups", f"{percent:.2f} % / {woken:.1f} /s")

        bob = Drive(f"{BINARIES}/drive")
        bob.ask("sign_in", jid=stage("BOB"), password=stage("BOB_PASSWORD"), server=stage("SERVER"), ca_file=stage("CA"))
        bob.wait(event="connection", state="online")
        for part, chosen in [("in another conversation", False), ("in the conversation that is shown", True)]:
            if chosen:
                window.key("ctrl+k")
                window.type("bob")
                window.key("Return")
            settled(pid)
            before = cpu(pid)
            for number in range(MESSAGES):
                text = f"{part} {number}"
                bob.ask("send", to=stage("JID"), body=text)
                until("the message", lambda: window.message(text))
                time.sleep(0.5)
            row(f"a message received {part}: CPU", f"{(cpu(pid) - before) / MESSAGES * 1000:.0f} ms")
        bob.quit()
        pss, private = memory(pid)
        row("memory at the end: PSS / private", f"{pss:.0f} / {private:.0f} MiB")
        window.quit()
    finally:
        window.kill()


play(scene)
