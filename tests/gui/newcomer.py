"""Somebody without an account: from the first start to the first message that is encrypted. Counts pages, clicks and typed fields."""

import pathlib
import sys
import time

from person import Person
from window import Drive, Failed, Window, play, stage, until

BINARIES, DATA, PICTURES, BY, LANGUAGE = sys.argv[1:6]
NAME, HELLO = "camille", "Hello Bob, I am new here"
# Seconds between two keys of somebody who types slowly: 20 words of five letters a minute.
SLOW = 0.6
ON_EJABBERD = stage("DOMAIN") == "chapril.org"


def answer_to_the_puzzle(known):
    """What the test server has noted: the picture says the same, crookedly."""
    def look():
        file = pathlib.Path(stage("PUZZLES"))
        answers = file.read_text().split() if file.exists() else []
        return answers[-1] if len(answers) > known else None
    return until("a puzzle", look)


def another_provider(newcomer):
    """The test's own provider is in no list: its name is typed."""
    if BY == "keyboard":
        # From the main button past “Back” to the link.
        newcomer.window.key("shift+Tab", "shift+Tab")
    newcomer.press("wizard-more-providers")
    newcomer.window.picture(f"newcomer-{BY}-more-providers")
    newcomer.fill("wizard-filter", stage("DOMAIN"))


def scene():
    bob = Drive(f"{BINARIES}/drive")
    bob.ask("sign_in", jid=stage("BOB"), password=stage("BOB_PASSWORD"), server=stage("SERVER"), ca_file=stage("CA"))
    bob.wait(event="connection", state="online")
    address = f"{NAME}@{stage('DOMAIN')}"
    window = Window(f"{BINARIES}/causerie", DATA, PICTURES)
    newcomer = Person(window, f"newcomer-{stage('DOMAIN')}-{BY}-{LANGUAGE}", BY, LANGUAGE)
    began = time.monotonic()
    try:
        newcomer.page("welcome", 1.5)
        newcomer.press("welcome-new")
        newcomer.page("provider", 2)
        if not ON_EJABBERD:
            another_provider(newcomer)
            window.picture(f"newcomer-{BY}-other-provider", 2)
        known = len(pathlib.Path(stage("PUZZLES")).read_text().split()) if ON_EJABBERD else 0
        newcomer.press("wizard-on")
        newcomer.page("identity")
        newcomer.fill("wizard-name", NAME)
        newcomer.press("wizard-on")
        if ON_EJABBERD:
            answer = answer_to_the_puzzle(known)
            newcomer.page("puzzle", 1.5)
            newcomer.fill("wizard-puzzle", answer)
            newcomer.press("wizard-create")
        newcomer.first_message(bob, address, HELLO)
        took = time.monotonic() - began - newcomer.read
        window.picture(f"newcomer-{stage('DOMAIN')}-{BY}-{LANGUAGE}-written", 1)
        slow = took + newcomer.letters * SLOW
        print(f"{stage('DOMAIN')}, {BY}, {LANGUAGE}: {len(newcomer.pages)} pages, {newcomer.clicks} presses, {newcomer.fields} typed "
              f"fields, {newcomer.letters} letters; {took:.0f} s here, {slow:.0f} s at 20 words a minute")
        if len(newcomer.pages) > 7 or newcomer.fields > (4 if ON_EJABBERD else 4) or slow > 180:
            raise Failed("that is more than a newcomer is to do")
        window.quit()
    finally:
        window.kill()
    bob.quit()


play(scene)
