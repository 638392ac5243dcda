"""The keyring is locked, or there is none: the program says so, signs in all the same, and keeps the password nowhere."""

import pathlib
import sys

from window import Drive, Failed, Window, kept_password, play, stage, until

BINARIES, DATA, PICTURES, STATE = sys.argv[1:5]


def scene():
    bob = Drive(f"{BINARIES}/drive")
    bob.ask("sign_in", jid=stage("BOB"), password=stage("BOB_PASSWORD"), server=stage("SERVER"), ca_file=stage("CA"))
    bob.wait(event="connection", state="online")
    window = Window(f"{BINARIES}/causerie", DATA, PICTURES)
    try:
        window.picture(f"keyring-{STATE}-1", 1.5)
        # The second of the three doors.
        window.key("Tab", "Return")
        window.picture(f"keyring-{STATE}-2")
        window.type(stage("JID"))
        window.key("Tab")
        window.type(stage("PASSWORD"))
        window.key("Tab", "Tab", "Return", "Tab")
        window.type(stage("SERVER"))
        window.key("Return")
        until("an account in the database", lambda: window.rows("SELECT 1 FROM account"))
        window.picture(f"keyring-{STATE}-3-said", 2)
        # The button that has the focus: to be asked at each start.
        window.key("Return")
        window.picture(f"keyring-{STATE}-4-goes-on", 1)
        until("keys that others can write to", lambda: window.rows("SELECT 1 FROM listed_device"))
        bob.ask("send", to=stage("JID"), body="Are you in?")
        until("a message", lambda: window.message("Are you in?"))
        window.picture(f"keyring-{STATE}-5-chat", 1)
        if kept_password(stage("JID")):
            raise Failed(f"the keyring is {STATE} and has the password")
        window.quit()
        for file in pathlib.Path(DATA).rglob("*"):
            if file.is_file() and stage("PASSWORD").encode() in file.read_bytes():
                raise Failed(f"the password is in {file}")
        # The next start asks.
        window = Window(f"{BINARIES}/causerie", DATA, PICTURES)
        window.picture(f"keyring-{STATE}-6-next-start", 2)
        if not window.message("Are you in?"):
            raise Failed("the history needs no password")
        window.quit()
    finally:
        window.kill()
    bob.quit()


play(scene)
