"""What goes wrong on the way to an account: what is said, and what becomes of what was typed."""

import os
import pathlib
import socket
import sys
import time

from person import Person
from window import Browser, Failed, Window, clipboard, kept_password, play, stage, until

BINARIES, DATA, PICTURES, ACT, LANGUAGE = sys.argv[1:6]
NAME, WORD = "camille", "Bob told me"
CHAPRIL = "chapril.org"


class Unlucky(Person):
    """Somebody to whom nothing happens as it should. By keyboard, as that is the same in every language."""

    def __init__(self, folder, what=""):
        window = Window(f"{BINARIES}/causerie", folder, PICTURES)
        super().__init__(window, f"failure-{LANGUAGE}{what}", "keyboard", LANGUAGE)

    def shows(self, what, key, **names):
        """A sentence that is to be read, and a picture of it."""
        self.sees(key, **names)
        self.window.picture(f"failure-{what}-{LANGUAGE}", 0.3)

    def begins(self):
        """From the first page to the list of providers."""
        self.sees("welcome-new-note")
        self.window.key("Return")
        self.sees("wizard-chapril")
        self.window.key("shift+Tab", "shift+Tab", "Return")
        self.sees("wizard-filter")

    def chooses(self, provider):
        """Types a provider into the list."""
        self.window.key("ctrl+a")
        self.window.type(provider)
        until(f"{provider} is chosen", lambda: self.window.remembered().get("provider") == provider)

    def turns_to(self, provider):
        """From the list of providers to the name."""
        self.chooses(provider)
        self.window.key("Return")
        until("the page of the name", lambda: self.window.remembered().get("page") == "identity")

    def goes_back(self):
        """Back to the name, which is still there, and to the list of providers."""
        page = self.window.remembered().get("page")
        if page != "identity":
            self.window.key("Escape")
        until("the page of the name", lambda: self.window.remembered().get("page") == "identity")
        if self.window.remembered().get("name") != NAME:
            raise Failed(f"the name was lost: {self.window.remembered()}")
        self.window.key("Escape")
        until("the list of providers", lambda: self.window.remembered().get("page") == "provider")
        x, y = self.find("wizard-filter")
        self.window.click(x, y + 30)

    def password(self):
        """The password on the page of the name, the keyboard being on the name."""
        self.window.key("Tab", "Tab", "Tab", "Return")
        copied = until("the password on the clipboard", clipboard)
        self.window.key("shift+Tab", "shift+Tab", "shift+Tab")
        return copied


def heard():
    """What was sent to the servers that are played."""
    return pathlib.Path(stage("HEARD")).read_text()


# What each of them does is in tests/src/stage/failures.rs: who, what is done there, what is said, whether anything is to be typed.
PLAYED = {
    "en": [("closed.test", None, "refusal-closed"), ("stranger.test", None, "refusal-certificate-unknown"),
           ("gone.test", "gone", "problem-connection-refused"), ("many.test", None, "refusal-form"),
           ("wide.test", None, "wizard-picture-too-large"), ("file.test", None, "wizard-web-no-page"),
           ("curious.test", "curious", "wizard-answers-refused")],
    "fr": [("later.test", None, "refusal-too-many-accounts-until"), ("odd.test", "odd", "wizard-answers-refused"),
           ("huge.test", None, "refusal-form"), ("mismatch.test", None, "wizard-picture-broken"),
           ("script.test", None, "wizard-web-no-page")],
}
# What is no provider is known before anything else is asked, and not gone on with.
NONE = "nowhere.test"


def answer(person, how, what):
    """What is filled in where something is asked."""
    window = person.window
    if how is None:
        return
    person.sees("wizard-title-asking")
    if how == "curious":
        # Beside each secret that is asked for.
        person.sees("wizard-secret-note")
    window.picture(f"failure-{what}-form-{LANGUAGE}", 0.3)
    if how == "odd":
        # A motto, the rules, a size.
        window.key("Tab", "space", "Tab", "space", "shift+Tab", "shift+Tab")
        window.type(WORD)
    elif how == "curious":
        # Past the two passwords: they are not filled in by anybody.
        window.key("Tab", "Tab")
        window.type(WORD)
    else:
        window.type(WORD)
    window.key("Return")


def played():
    """Servers that are played, one after the other, in one window."""
    browser = Browser(f"{DATA}-browser")
    person = Unlucky(DATA)
    window = person.window
    password = None
    try:
        person.begins()
        for provider, how, said in PLAYED[LANGUAGE]:
            person.turns_to(provider)
            if password is None:
                window.type(NAME)
                password = person.password()
            window.key("Return")
            what = provider.removesuffix(".test")
            answer(person, how, what)
            person.shows(what, said, provider=provider)
            person.goes_back()
        person.chooses(NONE)
        person.shows("nowhere", "refusal-unknown-host", provider=NONE)
        window.key("Return")
        time.sleep(1)
        if window.remembered().get("page") != "provider":
            raise Failed(f"somebody goes on with what is no provider: {window.remembered()}")
        window.key("Escape")
        if password is None or browser.opened() or pathlib.Path(stage("FETCHED")).read_text():
            raise Failed(f"opened {browser.opened()}, fetched {pathlib.Path(stage('FETCHED')).read_text()!r}")
        said = heard()
        asked = [name for name in ("old_password", "keyring", "pin") if f'var="{name}"' in said or f"var='{name}'" in said]
        if asked or NAME not in said or password not in said or WORD not in said:
            raise Failed(f"sent: {said}")
        window.quit()
    finally:
        window.kill()
    offline()


def offline():
    """No network at all: nobody even tells where a provider is."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind(("127.0.0.1", 0))
        os.environ["CAUSERIE_DNS"] = f"127.0.0.1:{nobody.getsockname()[1]}"
    person = Unlucky(f"{DATA}-offline", "-offline")
    try:
        person.sees("welcome-new-note")
        person.window.key("Return")
        person.shows("offline", "try-no-network", provider=CHAPRIL)
        person.window.quit()
    finally:
        person.window.kill()


def puzzles():
    """A puzzle that becomes too old, wrong answers, too many of them, and a name that somebody has."""
    waiting, busy = Unlucky(DATA, "-waiting"), None
    try:
        known = to_puzzle(waiting, NAME)
        first = answer_to(waiting, known)
        waiting.window.type("half an ans")
        since = time.monotonic()
        busy = Unlucky(f"{DATA}-busy", "-busy")
        tries(busy)
        busy.window.kill()
        until("two minutes", lambda: time.monotonic() - since > 121, 130)
        until("another puzzle", lambda: answers()[-1] != first)
        waiting.window.come()
        waiting.shows("expired", "wizard-puzzle-note")
        if waiting.window.remembered().get("name") != NAME:
            raise Failed(f"the name was lost: {waiting.window.remembered()}")
        waiting.window.quit()
    finally:
        waiting.window.kill()
        if busy:
            busy.window.kill()


def tries(person):
    """Wrong answers until it is too much, then the right one, for a name that somebody has."""
    window, given = person.window, 0
    known = to_puzzle(person, "bob")
    answer_to(person, known)
    known = len(answers())
    end = time.monotonic() + 180
    while given < 12 and time.monotonic() < end:
        window.type("not it")
        window.key("Return")
        until_then = time.monotonic() + 5
        while len(answers()) == known and time.monotonic() < until_then:
            time.sleep(0.05)
        if len(answers()) == known:
            if person.reads_now("refusal-too-many-forms-until", provider=CHAPRIL):
                break
            # What was typed came too early for the picture, and was not an answer to it.
            continue
        given += 1
        if given == 1:
            person.shows("wrong-puzzle", "wizard-puzzle-wrong")
        known = len(answers())
        # Until the picture is there, and the keyboard in the field below.
        time.sleep(0.5)
    person.shows("too-many-tries", "refusal-too-many-forms-until", provider=CHAPRIL)

    def again():
        # It can be pressed when the time that was told is over.
        window.click(*person.find("action-try-again"))
        return len(answers()) > known
    until("a puzzle after a while", again, 180)
    answer = answer_to(person, known)
    known = len(answers())
    window.type(answer)
    window.key("Return")
    person.shows("taken", "wizard-name-taken", provider=CHAPRIL)
    if window.remembered().get("name") != "bob":
        raise Failed(f"the name was lost: {window.remembered()}")
    mends(person, known)


def mends(person, known):
    """Another name, letter by letter beside the new puzzle, and the account under that name and no other."""
    window, address = person.window, f"bobby@{CHAPRIL}"
    window.type("by")
    person.shows("mended", "wizard-name-address", address=address)
    # From the name on to what is still to be answered.
    window.key("Return")
    person.shows("unanswered", "wizard-field-missing")
    window.type(until("another puzzle", lambda: answers()[known:])[0])
    window.key("Return")
    until("the account", lambda: window.remembered().get("created") == address)
    until("the password in the keyring", lambda: kept_password(address))
    person.sees("wizard-ready", address=address)
    window.picture(f"failure-made-after-all-{LANGUAGE}", 0.3)


def answers():
    """The answers to all puzzles that were given out."""
    file = pathlib.Path(stage("PUZZLES"))
    return file.read_text().split() if file.exists() else []


def answer_to(person, known):
    """The answer to the puzzle that has come since there were so many, once it is shown."""
    found = until("a puzzle", lambda: answers()[known:])
    person.sees("wizard-puzzle-note")
    return found[-1]


def to_puzzle(person, name):
    """From the first page to the puzzle; how many there were before."""
    person.sees("welcome-new-note")
    person.window.key("Return")
    person.sees("wizard-provider-open")
    person.window.key("Return")
    until("the page of the name", lambda: person.window.remembered().get("page") == "identity")
    person.window.type(name)
    known = len(answers())
    person.window.key("Return")
    return known


play({"played": played, "puzzles": puzzles}[ACT])
