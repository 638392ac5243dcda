"""An account by another door than a form, and the first message from it."""

import http.client
import pathlib
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse

from person import CARD, Person
from window import Browser, Drive, Failed, Window, drop, play, put_on_clipboard, stage, until

# The number of the play tells which of the invitations is its own: each is good once.
BINARIES, DATA, PICTURES, DOOR, BY, LANGUAGE, NUMBER = sys.argv[1:8]
NAME, HELLO = f"camille.{DOOR}.{BY}.{LANGUAGE}", f"Hello Bob, I came through another door: {DOOR}"
ADDRESS = f"{NAME}@{stage('DOMAIN')}"


def invitation():
    """The invitation of this play."""
    return stage("INVITATIONS").split()[int(NUMBER)]


def picture():
    """A picture of the invitation."""
    return subprocess.run(["qrencode", "-o", "-", "-s", "6", invitation()], capture_output=True, check=True).stdout


def invited(person):
    """From the invitation to the name."""
    if DOOR in ("pasted", "photographed"):
        person.page("welcome", 1.5)
        if BY == "keyboard":
            # The third of the three doors.
            person.window.key("Tab", "Tab")
        person.press("welcome-invited")
        person.page("invitation")
        put_on_clipboard(*([invitation().encode()] if DOOR == "pasted" else [picture(), "image/png"]))
        if BY == "keyboard":
            person.window.key("ctrl+v")
        else:
            person.press("wizard-link-paste")
    if DOOR == "dropped":
        # There are no words about it on the first page: it is tried.
        person.page("welcome", 1.5)
        file = pathlib.Path(f"{DATA}-invitation.png")
        file.write_bytes(picture())
        drop(person.window, file)
    person.sees("wizard-invited-account", provider=stage("DOMAIN"))
    person.page("invited")
    person.press("wizard-on")
    person.page("identity")
    person.fill("wizard-name", NAME)
    person.press("wizard-on")


def asked(person, provider, says="wizard-provider-open"):
    """Types the name of a provider, and waits for what it says."""
    person.fill("wizard-filter", provider, instead=True)
    person.sees(says)


def more(person):
    """Shows the providers other than the one that is suggested."""
    if BY == "keyboard":
        # From the main button past “Back” to the link.
        person.window.key("shift+Tab", "shift+Tab")
    person.press("wizard-more-providers")


def other(person):
    """Goes to the list of providers from one that takes nobody."""
    # By keyboard it has the focus: without an invitation it is the way on.
    person.press("wizard-other-provider")
    if BY == "keyboard":
        # The keyboard is in the field.
        person.sees("wizard-filter")


def elsewhere(person):
    """From a provider that takes nobody to one that wants an invitation, and on to one that takes everybody."""
    window = person.window
    person.page("welcome", 1.5)
    person.press("welcome-new")
    person.sees("wizard-provider-closed", provider="chapril.org")
    person.page("closed")
    more(person)
    asked(person, "guests.test", "wizard-provider-invitations")
    person.press("wizard-on")
    person.fill("wizard-name", NAME)
    person.press("wizard-on")
    person.sees("refusal-invitation-needed", provider="guests.test")
    person.sees("wizard-elsewhere-kept")
    person.page("by-invitation-only")
    other(person)
    asked(person, stage("DOMAIN"))
    person.page("another-provider")
    person.press("wizard-on")
    if window.remembered().get("name") != NAME:
        raise Failed(f"the name was lost on the way: {window.remembered()}")
    person.sees("wizard-name-address", address=ADDRESS)
    person.page("taken-along")
    person.press("wizard-on")


def on_the_web(person, browser):
    """The two steps: the page, and signing in with what was chosen there."""
    window = person.window
    person.page("welcome", 1.5)
    person.press("welcome-new")
    person.page("provider", 1.5)
    more(person)
    asked(person, stage("DOMAIN"))
    person.press("wizard-on")
    person.page("identity")
    person.fill("wizard-name", NAME)
    person.press("wizard-on")
    person.sees("wizard-web-first-ours", provider=stage("DOMAIN"))
    person.page("web")
    if browser.opened():
        raise Failed(f"opened unasked: {browser.opened()}")
    if BY == "keyboard":
        # From the name to the button before it.
        window.key("shift+Tab")
    person.press("wizard-open-page")
    until("the page in the browser", lambda: browser.opened() == [stage("PAGE")])
    if BY == "keyboard":
        window.key("Tab")
    sign_up(stage("PAGE"), NAME, person.copy_password(CARD))
    if BY == "keyboard":
        # Back into the field, where Enter goes on.
        window.key("shift+Tab", "shift+Tab")
    person.press("sign-in-submit")


def sign_up(page, name, password):
    """What the person does in the browser."""
    address = urllib.parse.urlsplit(page)
    trust = ssl.create_default_context(cafile=stage("CA"))
    connection = http.client.HTTPSConnection(address.hostname, address.port, context=trust, timeout=30)
    # The page is on this machine, whatever its name.
    plain = socket.create_connection(("127.0.0.1", address.port), timeout=30)
    connection.sock = trust.wrap_socket(plain, server_hostname=address.hostname)
    connection.request("GET", address.path)
    form = connection.getresponse().read().decode()
    if "password" not in form:
        raise Failed(f"the page says {form!r}")
    plain = socket.create_connection(("127.0.0.1", address.port), timeout=30)
    connection.sock = trust.wrap_socket(plain, server_hostname=address.hostname)
    connection.request("POST", address.path, urllib.parse.urlencode({"name": name, "password": password}),
                       {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    if answer.status != 200:
        raise Failed(f"the page answers {answer.status} {answer.read()!r}")


def scene():
    bob = Drive(f"{BINARIES}/drive")
    bob.ask("sign_in", jid=stage("BOB"), password=stage("BOB_PASSWORD"), server=stage("SERVER"), ca_file=stage("CA"))
    bob.wait(event="connection", state="online")
    browser = Browser(f"{DATA}-browser")
    window = Window(f"{BINARIES}/causerie", DATA, PICTURES, *([invitation()] if DOOR == "opened" else []))
    began = time.monotonic()
    person = Person(window, f"door-{DOOR}-{BY}-{LANGUAGE}", BY, LANGUAGE)
    try:
        if DOOR == "elsewhere":
            elsewhere(person)
        elif DOOR == "web":
            on_the_web(person, browser)
        else:
            invited(person)
        person.first_message(bob, ADDRESS, HELLO)
        if browser.opened() != ([stage("PAGE")] if DOOR == "web" else []):
            raise Failed(f"opened unasked: {browser.opened()}")
        took = time.monotonic() - began - person.read
        print(f"{DOOR}, {BY}, {LANGUAGE}: {len(person.pages)} pages, {person.clicks} presses, {person.fields} typed fields, {took:.0f} s",
              flush=True)
        window.quit()
    finally:
        window.kill()
    bob.quit()


play(scene)
