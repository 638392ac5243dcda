"""Somebody without an account and without the program: installs it, starts it, and gets to the first message that is encrypted. Counts
pages, presses, typed fields and what time that takes whoever types slowly."""

import os
import pathlib
import shutil
import subprocess
import sys
import time

import reading
from person import Person
from window import Drive, Failed, Window, play, stage, until

BINARIES, ARCHIVE, PICTURES, BY, LANGUAGE = sys.argv[1:6]
NAME, HELLO = "camille", "Hello Bob, I am new here"
# Seconds between two keys of somebody who types slowly: 20 words of five letters a minute.
SLOW = 0.6
# Seconds for a press: to make up one's mind, and a key; or to point at it and click (Card, Moran and Newell, 1980: M 1.35, P 1.1, B 0.2).
PRESS = {"keyboard": 1.35 + SLOW, "mouse": 1.35 + 1.1 + 0.2}
# Words a minute of whoever reads everything silently, English (Brysbaert, 2019).
READS = 238
ENTRY = "org.causerie.Causerie.desktop"
# What is typed into the menu of programs until it offers only this one.
MENU = "causerie"
ON_EJABBERD = stage("DOMAIN") == "chapril.org"


class Install:
    """What is done between the download and the window, and how much that is."""

    def __init__(self):
        home, archive = pathlib.Path(os.environ["HOME"]), pathlib.Path(ARCHIVE)
        downloads = home / "Downloads"
        downloads.mkdir()
        shutil.copy(archive, downloads)
        self.size = archive.stat().st_size
        unpacked = archive.name.partition("-linux-")[0]
        began = time.monotonic()
        self.letters, self.presses = 0, 1
        # The terminal is a press; then what the README says.
        for command in (f"tar xf Downloads/{archive.name}", f"{unpacked}/install"):
            subprocess.run(["bash", "-c", command], cwd=home, check=True, stdout=subprocess.DEVNULL)
            self.letters += len(command)
            self.presses += 1
        self.entry = pathlib.Path(os.environ["XDG_DATA_HOME"]) / "applications" / ENTRY
        self.program = home / ".local" / "bin" / "causerie"
        # The menu of programs, its name, and what it finds.
        self.letters += len(MENU)
        self.presses += 2
        self.took = time.monotonic() - began


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
        newcomer.letters += 2
    newcomer.press("wizard-more-providers")
    newcomer.window.picture(f"newcomer-{BY}-{LANGUAGE}-more-providers")
    newcomer.fill("wizard-filter", stage("DOMAIN"))


def slowly(newcomer, install, took):
    """Seconds that all of it takes somebody who types slowly, from the download on."""
    letters, presses = newcomer.letters + install.letters, newcomer.clicks + install.presses
    return took + install.took + letters * SLOW + presses * PRESS[BY]


def report(newcomer, install, took):
    """Says how much it was, and how long each part of it takes."""
    words = sum(len(reading.read(reading.enlarged(picture), newcomer.tongue, "3")) for picture in newcomer.pictures)
    total = slowly(newcomer, install, took)
    press = PRESS[BY]
    print(f"{stage('DOMAIN')}, {BY}, {LANGUAGE}: {len(newcomer.pages)} pages, {newcomer.clicks} presses, {newcomer.fields} typed fields; "
          f"{total:.0f} s from the download on: installing {install.took + install.letters * SLOW + install.presses * press:.0f} s "
          f"({install.letters} letters, {install.presses} presses, {install.took:.0f} s of machine; "
          f"{install.size / 1e6:.0f} MB were downloaded before), then {newcomer.letters} letters {newcomer.letters * SLOW:.0f} s, "
          f"presses {newcomer.clicks * press:.0f} s, machine and pictures {took:.0f} s; every one of the {words} words on the pages "
          f"read once: {words * 60 / READS:.0f} s more", flush=True)


def scene():
    bob = Drive(f"{BINARIES}/drive")
    bob.ask("sign_in", jid=stage("BOB"), password=stage("BOB_PASSWORD"), server=stage("SERVER"), ca_file=stage("CA"))
    bob.wait(event="connection", state="online")
    address = f"{NAME}@{stage('DOMAIN')}"
    install = Install()
    began = time.monotonic()
    window = Window(install.program, None, PICTURES, entry=install.entry)
    newcomer = Person(window, f"newcomer-{stage('DOMAIN')}-{BY}-{LANGUAGE}", BY, LANGUAGE)
    try:
        newcomer.page("welcome", 1.5)
        newcomer.press("welcome-new")
        newcomer.page("provider", 2)
        if not ON_EJABBERD:
            another_provider(newcomer)
            window.picture(f"newcomer-{BY}-{LANGUAGE}-other-provider", 2)
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
        report(newcomer, install, took)
        slow = slowly(newcomer, install, took)
        if len(newcomer.pages) > 7 or newcomer.fields > 4 or slow > 180:
            raise Failed("that is more than a newcomer is to do")
        window.quit()
    finally:
        window.kill()
    bob.quit()


play(scene)
