"""The program is killed on the way to an account: what was typed is there at the next start, and nobody registers twice."""

import os
import pathlib
import subprocess
import sys

from asking import Client
from person import Person
from relay import Relay
from window import Failed, Window, kept_password, play, stage, until

BINARIES, DATA, PICTURES, ACT, LANGUAGE = sys.argv[1:6]
NAME = "camille"
ADDRESS = f"{NAME}@{stage('DOMAIN')}"


def puzzles():
    """The answers to all puzzles that were given out."""
    return pathlib.Path(stage("PUZZLES")).read_text().split()


def asked_for_accounts():
    """How often an account was asked for."""
    return pathlib.Path(stage("SEEN")).read_text().count(f"<value>{NAME}</value>")


def name_server(relay):
    """A name server that leads through the relay."""
    program = pathlib.Path(__file__).parent / "dns.py"
    server = subprocess.Popen([sys.executable, program, f"{stage('DOMAIN')}={relay.port}"], stdout=subprocess.PIPE, text=True)
    os.environ["CAUSERIE_DNS"] = server.stdout.readline().strip()
    return server


def started():
    """The program, and whoever sits before it; by keyboard."""
    window = Window(f"{BINARIES}/causerie", DATA, PICTURES)
    return Person(window, f"resuming-{ACT}-{LANGUAGE}", "keyboard", LANGUAGE)


def to_name(person):
    """From the first page to the name, which is typed."""
    window = person.window
    person.sees("welcome-new-note")
    window.key("Return")
    person.sees("wizard-provider-open")
    window.key("Return")
    until("the page of the name", lambda: window.remembered().get("page") == "identity")
    window.type(NAME)
    until("the name", lambda: window.remembered().get("name") == NAME)


def to_puzzle(person):
    """From the name to the puzzle, which is answered."""
    known = len(puzzles())
    person.window.key("Return")
    answer = until("a puzzle", lambda: puzzles()[known:])[-1]
    person.sees("wizard-puzzle-note")
    return answer


def account_is_there():
    """Whether somebody can sign in with what is in the keyring."""
    try:
        return password() and Client(ADDRESS, password())
    except Failed:
        return None


def password():
    """What is in the keyring: as that of an account that is asked for, then as that of the account."""
    return kept_password(f"new account {ADDRESS}") or kept_password(ADDRESS)


def scene():
    relay = Relay(int(stage("PORT")))
    names = name_server(relay)
    person = started()
    try:
        to_name(person)
        person.window.kill()
        person = started()
        person.sees("wizard-name-address", address=ADDRESS)
        person.sees("wizard-password-renewed")
        person.page("named")
        before = len(puzzles())
        answer = to_puzzle(person)
        # From now on the answers are lost, or nobody gets through any more.
        relay.hold() if ACT == "unanswered" else relay.refuse()
        person.window.type(answer)
        person.window.key("Return")
        client = until("the account", account_is_there)
        client.end()
        if ACT == "unanswered":
            until("that an account may be there", lambda: person.window.remembered().get("perhaps") == ADDRESS)
        else:
            until("that the account is there", lambda: person.window.remembered().get("created") == ADDRESS)
        before_the_end = password()
        person.window.picture(f"{person.name}-killed-here", 1)
        person.window.kill()
        relay.resume()
        person = started()
        window = person.window
        person.page("started-again", 1.5)
        until("an account that is signed in", lambda: window.rows("SELECT 1 FROM account WHERE roster_version IS NOT NULL"))
        person.sees("wizard-ready", address=ADDRESS)
        person.page("ready")
        if asked_for_accounts() != 1 or len(puzzles()) != before + 1 or kept_password(ADDRESS) != before_the_end:
            raise Failed(f"asked for {asked_for_accounts()} accounts, solved {len(puzzles()) - before} puzzles")
        window.quit()
    finally:
        person.window.kill()
        names.kill()
        names.wait()


play(scene)
