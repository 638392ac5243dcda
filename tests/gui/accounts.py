"""Accounts later on, by keyboard: an invitation that is handed out, a contact that is passed on, a second account, their order, off and on
again, another password, a link that comes while it is typed, and one of the two removed with its history kept."""

import subprocess
import sys

from asking import Client
from person import Person
from window import ARRIVED, Drive, Failed, Window, clipboard, kept_password, play, put_on_clipboard, stage, until

BINARIES, DATA, PICTURES, LANGUAGE = sys.argv[1:5]
HELLO, NEW = "Bonjour Bob, tu es la ?", "une tasse de the bien chaud"
PROGRAM = f"{BINARIES}/causerie"
# In the settings, from the way out: the parts, then what each account has: on and off, devices, server, removing, more.
PARTS, EACH = 1, 5
OFF, REMOVE, MORE = 1, 4, 5
# What is open of an account, from the button that opens it: a place down in the order, and another password.
DOWN, PASSWORD = 2, 5


def sign_in(person, address, password):
    """On the first page: the second of its three doors, and the form behind it."""
    window = person.window
    window.key("Tab", "Return")
    window.type(address)
    window.key("Tab")
    window.type(password)
    # Past the eye to the options, and to the field that they show.
    window.key("Tab", "Tab", "Return", "Tab")
    window.type(stage("SERVER"))
    window.key("Return")
    signed_in = "SELECT 1 FROM account WHERE jid = ? AND roster_version IS NOT NULL"
    until(f"{address} signed in", lambda: window.rows(signed_in, address))
    until("the password in the keyring", lambda: kept_password(address) == password)
    # Before that, no key leads anywhere else.
    person.sees("list-filter")


def settings(person, steps):
    """The part of the accounts, and so many steps from its name."""
    person.window.key("ctrl+comma")
    # What is pressed before they are there is pressed elsewhere.
    person.sees("settings-notifications")
    person.window.key("Tab", "Down", "Return")
    person.sees("accounts-add")
    person.window.key(*["Tab"] * steps)


def accounts(window):
    """The addresses in their order, each with whether it is to be online."""
    return window.rows("SELECT jid, activity FROM account ORDER BY position, id")


def handed_out(person, what):
    """What is on the clipboard when the button was pressed that has the keyboard."""
    put_on_clipboard(b"nothing")
    person.window.key("Return")
    return until(what, lambda: clipboard() not in (None, "nothing") and clipboard())


def talks(person, drive):
    """A contact, and the message that is to be there afterwards."""
    window = person.window
    window.key("ctrl+n")
    window.type(stage("BOB"))
    window.key("Return")
    drive.wait(event="requests")
    drive.ask("accept", jid=stage("JID"))
    until("Bob among the contacts", lambda: window.rows("SELECT 1 FROM contact WHERE subscription = 'both'"))
    window.type(HELLO)
    window.key("Return")
    drive.wait(event="message", peer=stage("JID"))
    until("the tick", lambda: window.message(HELLO) in ARRIVED)


def invites(person):
    """An invitation that lets somebody in, once."""
    # Past the two fields and the two buttons to the one below them.
    person.window.key("ctrl+n", *["Tab"] * 4, "Return")
    person.sees("invite-talk")
    person.page("to-invite")
    person.window.key("Tab", "Tab", "Return")
    person.sees("invite-is-talk")
    person.page("invitation")
    link = handed_out(person, "the invitation on the clipboard")
    if not link.startswith(f"xmpp:{stage('JID')}?roster;preauth="):
        raise Failed(f"handed out: {link}")
    person.window.key("Escape")


def passes_on(person):
    """A contact's address, for somebody else: no more than that."""
    # From where one writes past what was written to the sign that shows the page about them, and on it past what is copied, typed and
    # compared.
    person.window.key("ctrl+k", "Tab", "Return")
    person.page("conversation")
    person.window.key("shift+Tab", "shift+Tab", "Return", *["Tab"] * 7)
    person.page("about-bob")
    person.window.key("Return")
    person.sees("details-share-what", name=stage("BOB"))
    person.page("passed-on")
    # The keyboard is on the way back.
    person.window.key("Tab")
    link = handed_out(person, "Bob's address on the clipboard")
    if link != f"xmpp:{stage('BOB')}?roster":
        raise Failed(f"passed on: {link}")
    person.window.key("Escape", "Escape")


def adds_another(person):
    """A second account, which goes above the first one, is switched off, and on again."""
    window, alice, bob = person.window, stage("JID"), stage("BOB")
    settings(person, EACH + 1)
    person.page("one-account")
    window.key("Return")
    person.page("another")
    sign_in(person, bob, stage("BOB_PASSWORD"))
    settings(person, MORE)
    window.key("Return", *["Tab"] * DOWN, "Return")
    until("Bob's account above Alice's", lambda: accounts(window) == [(bob, "active"), (alice, "active")])
    # Its card is elsewhere now, and the keyboard is on the same button of it: the one before that takes it back.
    window.key("shift+Tab", "Return")
    until("Alice's account above Bob's", lambda: accounts(window) == [(alice, "active"), (bob, "active")])
    window.key("Tab", "Return")
    until("Bob's account above Alice's again", lambda: accounts(window) == [(bob, "active"), (alice, "active")])
    person.page("two-accounts")
    # What is open is closed, and the keyboard is on the way out.
    window.key("Escape", *["Tab"] * (PARTS + OFF), "Return")
    until("Bob's account to be off", lambda: accounts(window) == [(bob, "paused"), (alice, "active")])
    person.page("off")
    window.key("Return")
    until("Bob's account to be on", lambda: accounts(window) == [(bob, "active"), (alice, "active")])
    person.page("on")
    window.key("Escape")


def changes_password(person):
    """Another password: the keyring has it when the server has said yes, and it signs in elsewhere. A link takes nothing of it away."""
    window, alice, link = person.window, stage("JID"), f"xmpp:nina@{stage('DOMAIN')}?roster"
    settings(person, EACH + MORE)
    window.key("Return", *["Tab"] * PASSWORD, "Return")
    person.sees("upkeep-new-password")
    person.page("password")
    window.key("ctrl+a")
    window.type(NEW[:4])
    subprocess.run([PROGRAM, "--data-dir", DATA, link], timeout=30, check=True)
    kept = window.data / "links.json"
    until("the link among those that wait", lambda: kept.exists() and link in kept.read_text())
    person.page("link-waits")
    window.type(NEW[4:])
    if kept_password(alice) != stage("PASSWORD"):
        raise Failed("the password that holds is in the keyring no more")
    window.key("Return")
    person.sees("upkeep-password-changed")
    person.page("changed")
    until("the new password in the keyring", lambda: kept_password(alice) == NEW)
    Client(alice, NEW).end()


def follows(person):
    """What has waited is there after a restart, and nobody is asked by that."""
    person.sees("add-what")
    person.page("link-after-restart")
    if "nina" in [jid.partition("@")[0] for (jid,) in person.window.rows("SELECT jid FROM contact")]:
        raise Failed("the link has added somebody by itself")
    person.window.key("Escape")


def removes(person):
    """An account goes, and its history stays; the other one is as it was."""
    window, alice, bob = person.window, stage("JID"), stage("BOB")
    settings(person, EACH + REMOVE)
    window.key("Return")
    person.sees("accounts-sign-out-question", account=alice)
    person.page("question")
    # The keyboard is on what takes the question back; before that, what deletes the history, and what keeps it.
    window.key("shift+Tab", "shift+Tab", "Return")
    until("no password of Alice in the keyring", lambda: kept_password(alice) is None)
    until("Alice's account to be off", lambda: accounts(window) == [(bob, "active"), (alice, "paused")])
    person.page("removed")
    if window.message(HELLO) not in ARRIVED or kept_password(bob) != stage("BOB_PASSWORD"):
        raise Failed("the history is gone, or the password of the other account")


def scene():
    bob = Drive(f"{BINARIES}/drive")
    bob.ask("sign_in", jid=stage("BOB"), password=stage("BOB_PASSWORD"), server=stage("SERVER"), ca_file=stage("CA"))
    bob.wait(event="connection", state="online")
    window = Window(PROGRAM, DATA, PICTURES)
    person = Person(window, f"accounts-{LANGUAGE}", "keyboard", LANGUAGE)
    try:
        person.page("welcome", 1.5)
        sign_in(person, stage("JID"), stage("PASSWORD"))
        talks(person, bob)
        invites(person)
        passes_on(person)
        bob.quit()
        adds_another(person)
        changes_password(person)
        window.quit()
        window = person.window = Window(PROGRAM, DATA, PICTURES)
        follows(person)
        removes(person)
        window.quit()
        # Nothing of that account comes back by itself.
        window = person.window = Window(PROGRAM, DATA, PICTURES)
        person.page("started-again", 2)
        if accounts(window) != [(stage("BOB"), "active"), (stage("JID"), "paused")] or not window.message(HELLO):
            raise Failed("another start has changed something")
        window.quit()
    finally:
        window.kill()


play(scene)
