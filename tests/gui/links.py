"""Links that the desktop opens, as a click in a browser does: they show something, and nothing is sent before a person says so."""

import os
import pathlib
import shutil
import subprocess
import sys

from person import Person
from window import Failed, Window, play, stage, until

BINARIES, PICTURES, LANGUAGE = sys.argv[1:4]
NAME = "camille"
ENTRY, SCHEME = "org.causerie.Causerie.desktop", "x-scheme-handler/xmpp"
PACKAGING = pathlib.Path(__file__).parent.parent.parent / "packaging" / "linux"


def install():
    """As a package does: the program on the path, and its entry among those of the desktop; and the person's choice of it."""
    os.environ["PATH"] = f"{pathlib.Path(BINARIES).resolve()}:{os.environ['PATH']}"
    entries = pathlib.Path(os.environ["XDG_DATA_HOME"]) / "applications"
    entries.mkdir(parents=True)
    shutil.copy(PACKAGING / ENTRY, entries)
    subprocess.run(["xdg-mime", "default", ENTRY, SCHEME], check=True)
    chosen = subprocess.run(["xdg-mime", "query", "default", SCHEME], capture_output=True, text=True, check=True).stdout.strip()
    if chosen != ENTRY:
        raise Failed(f"the desktop opens these links with {chosen!r}")


def opened(link):
    """Opens a link while the program runs: it is handed over, and what was started for it ends."""
    subprocess.run(["xdg-open", link], check=True, timeout=60)


def sent(word):
    """Whether something with this word was sent to the server."""
    seen = pathlib.Path(stage("SEEN"))
    return seen.exists() and word in seen.read_text()


def nothing_of(*words):
    """Nothing with these words was sent."""
    for word in words:
        if sent(word):
            raise Failed(f"sent before anybody has said so: {word}")


def before_an_account(person, token, bob):
    """What was typed stays, whatever links come."""
    window = person.window
    person.sees("wizard-invited-account", provider=stage("DOMAIN"))
    person.page("invited")
    nothing_of("<")
    window.key("Return")
    until("the page of the name", lambda: window.remembered().get("page") == "identity")
    window.type(NAME)
    until("the name", lambda: window.remembered().get("name") == NAME)
    opened(f"xmpp:{bob}?roster")
    person.sees("wizard-invited-contact", name=bob)
    person.page("invited-to-talk")
    nothing_of("<")
    if window.remembered().get("name") != NAME:
        raise Failed(f"the name was lost: {window.remembered()}")
    opened(f"xmpp:{stage('DOMAIN')}?register;preauth={token}")
    person.sees("wizard-invited-account", provider=stage("DOMAIN"))
    window.key("Return")
    person.sees("wizard-name-address", address=f"{NAME}@{stage('DOMAIN')}")
    nothing_of("<")
    window.key("Return")
    until("an account that is signed in", lambda: window.rows("SELECT 1 FROM account WHERE roster_version IS NOT NULL"))


def with_an_account(person, bob):
    """Links about a person, and those that are to do harm."""
    window = person.window
    person.sees("wizard-shown-name")
    window.key("Return")
    person.sees("wizard-own-note")
    # Here a link brings an address at most.
    opened(f"xmpp:{bob}?roster")
    person.page("with-a-contact", 1.5)
    nothing_of(bob)
    # From the field past the buttons that hand out the address, and the note, to the link that ends it.
    window.key(*["Tab"] * 5, "Return")
    until("the end of the wizard", lambda: not window.remembered())
    opened(f"xmpp:{bob}?message;body=Hello%20Bob,%20from%20a%20link")
    person.sees("add-text-kept")
    person.page("to-write")
    for link, said in [(f"xmpp:{bob}?remove", "link-remove"), (f"xmpp:{NAME}@{stage('DOMAIN')}?unregister", "link-unregister"),
                       (f"xmpp:{bob}?command;node=reboot;action=execute", "link-unknown")]:
        opened(link)
        person.sees(said, name=link[5:].split("?")[0])
        person.page(said)
        window.key("Return")
    nothing_of(bob, "reboot", "<remove")
    person.sees("add-text-kept")
    window.key("Return")
    until("the question to Bob", lambda: sent("subscribe"))
    person.page("written-by-the-link", 1.5)
    if window.message("Hello Bob, from a link"):
        raise Failed("what the link brought was sent unasked")


def scene():
    install()
    bob = stage("BOB")
    tokens = [link.rpartition("=")[2] for link in stage("INVITATIONS").split()]
    link = f"xmpp:{stage('DOMAIN')}?register;preauth={tokens[0]}"
    # Nothing runs yet: the link starts the program.
    window = Window("xdg-open", None, PICTURES, link)
    person = Person(window, f"links-{LANGUAGE}", "keyboard", LANGUAGE)
    try:
        before_an_account(person, tokens[0], bob)
        with_an_account(person, bob)
        window.quit()
    finally:
        window.kill()


play(scene)
