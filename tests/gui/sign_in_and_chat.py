"""A person signs in, adds a contact, writes, is answered, shows a key, closes the window, and finds everything again."""

import pathlib
import subprocess
import sys

from window import ARRIVED, Drive, Failed, Window, kept_password, play, stage, until, xdotool

BINARIES, DATA, PICTURES = sys.argv[1:4]
PROGRAM = f"{BINARIES}/causerie"
# Pictures and other tests type letters with accents; here it is the way of the text that matters, not the keyboard's.
HELLO, ANSWER, LATER, AGAIN = "Hello Bob, are you there?", "Yes! Ça va ? ☕", "While you were away", "Back again"


def sign_in(window):
    """Fills the first two pages in, by keyboard alone."""
    window.picture("1-welcome", 1.5)
    # The second of the three doors.
    window.key("Tab", "Return")
    window.picture("2-sign-in")
    window.type(stage("JID"))
    window.key("Tab")
    window.type(stage("PASSWORD"))
    # The password is shown for a moment: what draws it is not to log it.
    window.key("Tab", "Return")
    window.picture("3-password-shown")
    window.key("Return", "Tab", "Return", "Tab")
    window.type(stage("SERVER"))
    window.picture("3-filled-in")
    window.key("Return")
    until("an account in the database", lambda: window.rows("SELECT 1 FROM account WHERE roster_version IS NOT NULL"))
    until("the password in the keyring", lambda: kept_password(stage("JID")) == stage("PASSWORD"))
    window.picture("4-nobody-yet", 1)


def the_code_is_read(window):
    """Another program reads the code with our key from a picture of the window."""
    bobs = "SELECT device, lower(hex(fingerprint)) FROM device_key WHERE jid = ? AND newest = 1"
    device, key = until("a key of Bob", lambda: window.rows(bobs, stage("BOB")))[0]
    link = f"xmpp:{stage('BOB')}?omemo-sid-{device}={key}"
    # What Bob shows is opened elsewhere, as from a web page: the first program takes it, and shows ours beside it.
    subprocess.run([PROGRAM, "--data-dir", DATA, link], timeout=30, check=True)
    # It waits for somebody to say so.
    window.picture("8-a-link-waits", 1.5)
    window.key("Return")
    xdotool("windowsize", "--sync", window.id, "1000", "880")
    picture = window.picture("8-comparing-keys", 1.5)
    read = subprocess.run(["zbarimg", "--quiet", "--raw", str(picture)], capture_output=True, text=True, check=False).stdout
    [(own,)] = window.rows("SELECT device FROM own_keys")
    key = read.partition(f"omemo-sid-{own}=")[2][:64]
    if not read.startswith(f"xmpp:{stage('JID')}?trust-message;") or f"trust={key};" not in read or len(key) != 64:
        raise Failed(f"the code on {picture} was read as {read!r}")
    window.key("Escape", "Escape")
    xdotool("windowsize", "--sync", window.id, "1000", "720")


def nothing_private_is_logged():
    """Looks for passwords and messages in what was logged at the most talkative level."""
    logs = [file for file in pathlib.Path(DATA).rglob("*.log") if file.is_file()]
    if not any("TRACE" in file.read_text() or "INFO" in file.read_text() for file in logs):
        raise Failed("nothing was logged at all")
    for file in logs:
        for secret in [stage("PASSWORD"), HELLO, ANSWER, LATER, AGAIN]:
            if secret in file.read_text():
                raise Failed(f"{secret!r} is in {file}")
        if file.stat().st_mode & 0o077:
            raise Failed(f"{file} can be read by others")


def scene():
    bob = Drive(f"{BINARIES}/drive")
    bob.ask("sign_in", jid=stage("BOB"), password=stage("BOB_PASSWORD"), server=stage("SERVER"), ca_file=stage("CA"))
    bob.wait(event="connection", state="online")
    window = Window(PROGRAM, DATA, PICTURES)
    try:
        sign_in(window)

        window.key("ctrl+n")
        window.picture("5-add-a-contact")
        window.type(stage("BOB"))
        window.key("Return")
        bob.wait(event="requests")
        bob.ask("accept", jid=stage("JID"))
        bob.wait(event="presence", jid=stage("JID"), show="available")
        until("Bob among the contacts", lambda: window.rows("SELECT 1 FROM contact WHERE subscription = 'both'"))

        window.picture("6-say-hello", 1)
        window.type(HELLO)
        window.key("Return")
        arrived = bob.wait(event="message", peer=stage("JID"))
        if arrived["text"] != HELLO:
            raise Failed(f"typed {HELLO!r}, arrived {arrived['text']!r}")
        until("the tick", lambda: window.message(HELLO) in ARRIVED)
        bob.ask("chat_state", to=stage("JID"), state="composing")
        window.picture("7-bob-is-writing")
        bob.ask("send", to=stage("JID"), body=ANSWER)
        until("the answer", lambda: window.message(ANSWER) == (0, 0))
        window.picture("8-answered", 1)

        the_code_is_read(window)

        # A second start only raises the first window.
        second = subprocess.run([PROGRAM, "--data-dir", DATA], timeout=30, check=False)
        if second.returncode != 0 or window.process.poll() is not None:
            raise Failed(f"a second start ended with {second.returncode}")

        window.quit()
        bob.wait(event="presence", jid=stage("JID"), show="offline")
        bob.ask("send", to=stage("JID"), body=LATER)

        window = Window(PROGRAM, DATA, PICTURES)
        bob.wait(event="presence", jid=stage("JID"), show="available")
        until("what was written meanwhile", lambda: window.message(LATER) == (0, 0))
        window.picture("9-started-again", 1)
        if window.message(HELLO) not in ARRIVED or window.message(ANSWER) != (0, 0):
            raise Failed("the history is not what it was")
        bob.ask("send", to=stage("JID"), body=AGAIN)
        until("a message after the second start", lambda: window.message(AGAIN))
        window.quit()
        nothing_private_is_logged()
    finally:
        window.kill()
    bob.quit()


play(scene)
