"""Notifications as the person wants them, withdrawn when the conversation is read, and opening it when they are clicked."""

import json
import pathlib
import queue
import subprocess
import sys
import threading

from window import PATIENCE, Drive, Failed, Window, play, stage, until, xdotool

BINARIES, DATA, PICTURES = sys.argv[1:4]
PROGRAM = f"{BINARIES}/causerie"
FIRST, SECOND, THIRD, FOURTH, FIFTH = "Are you there?", "<b>1 & 2</b>", "a third one", "the fourth", "a fifth"


class Desktop:
    """What shows notifications."""

    def __init__(self):
        program = [sys.executable, str(pathlib.Path(__file__).with_name("desktop.py"))]
        self.process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.events = queue.Queue()
        threading.Thread(target=self.listen, daemon=True).start()
        self.next("ready")

    def listen(self):
        """Takes in what it says."""
        for line in self.process.stdout:
            self.events.put(json.loads(line))
        self.events.put({"event": "the end"})

    def next(self, event):
        """What happens next, which is to be this."""
        try:
            found = self.events.get(timeout=PATIENCE)
        except queue.Empty:
            raise Failed(f"waited {PATIENCE} s in vain for a notification that is {event}") from None
        if found["event"] != event:
            raise Failed(f"a notification is to be {event}, but there is {found}")
        return found

    def shown(self, title, body):
        """Waits for a notification, and looks at its words."""
        found = self.next("shown")
        if (found["app"], found["title"], found["body"]) != ("Causerie", title, body):
            raise Failed(f"a notification of {title!r} with {body!r} is to be shown, not {found}")
        return found["id"]

    def withdrawn(self, number):
        """Waits until that one is withdrawn."""
        found = self.next("withdrawn")
        if found["id"] != number:
            raise Failed(f"notification {number} is to be withdrawn, not {found}")

    def click(self, number):
        """Clicks a notification."""
        self.process.stdin.write(f"click {number}\n")
        self.process.stdin.flush()

    def end(self):
        """Ends it; from the beginning of that on there was nothing more to show."""
        self.process.stdin.close()
        self.next("the end")
        self.process.wait(20)

    def kill(self):
        """Ends it, whatever it does."""
        self.process.kill()
        self.process.wait()


def choose(what):
    """Chooses what notifications show, as the settings page writes it."""
    file = pathlib.Path(DATA) / "settings" / "settings.json"
    settings = json.loads(file.read_text()) if file.exists() else {}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({**settings, "notifications": what}))


def opened(bob):
    """The program, when Bob sees it online."""
    window = Window(PROGRAM, DATA, PICTURES)
    try:
        bob.wait(event="presence", jid=stage("JID"), show="available")
    except Failed:
        window.kill()
        raise
    return window


def unread(window):
    """How many of Bob's messages are not read."""
    rows = window.rows("SELECT unread FROM conversation WHERE peer = ?", stage("BOB"))
    return rows[0][0] if rows else None


def scene():
    desktop, bob = Desktop(), Drive(f"{BINARIES}/drive")
    bob.ask("sign_in", jid=stage("BOB"), password=stage("BOB_PASSWORD"), server=stage("SERVER"), ca_file=stage("CA"))
    bob.wait(event="connection", state="online")
    window = opened(bob)
    try:
        # The name only, as long as nothing else is chosen; a click opens the conversation.
        bob.ask("send", to=stage("JID"), body=FIRST)
        number = desktop.shown("Bob Martin", "New message")
        if unread(window) != 1:
            raise Failed("a message that is only announced counts as read")
        window.picture("notification-1-shown")
        desktop.click(number)
        desktop.withdrawn(number)
        until("the conversation that was clicked to be read", lambda: unread(window) == 0)
        window.picture("notification-2-clicked")
        window.quit()
        bob.wait(event="presence", jid=stage("JID"), show="offline")

        # Name and text; the text is no markup. Read in another way, it is withdrawn.
        choose("name-and-text")
        window = opened(bob)
        bob.ask("send", to=stage("JID"), body=SECOND)
        number = desktop.shown("Bob Martin", "&lt;b&gt;1 &amp; 2&lt;/b&gt;")
        window.key("ctrl+k")
        window.type("bob")
        window.key("Return")
        desktop.withdrawn(number)
        until("the conversation to be read", lambda: unread(window) == 0)
        # What is before one's eyes is not announced.
        bob.ask("send", to=stage("JID"), body=THIRD)
        until("a message that is read at once", lambda: window.message(THIRD) and unread(window) == 0)
        # Behind another window it is, and withdrawn when one looks at it.
        xdotool("windowminimize", "--sync", window.id)
        bob.ask("send", to=stage("JID"), body=FOURTH)
        number = desktop.shown("Bob Martin", FOURTH)
        xdotool("windowactivate", "--sync", window.id)
        desktop.withdrawn(number)
        until("what was looked at to be read", lambda: unread(window) == 0)
        window.quit()
        bob.wait(event="presence", jid=stage("JID"), show="offline")

        # None at all.
        choose("none")
        window = opened(bob)
        bob.ask("send", to=stage("JID"), body=FIFTH)
        until("a message that is not announced", lambda: window.message(FIFTH) and unread(window) == 1)
        window.quit()
        desktop.end()
    finally:
        window.kill()
        desktop.kill()
    bob.quit()


play(scene)
