"""The program of a package is started from its entry with a link, as desktops do."""

import sys

from person import Person
from window import Failed, Window, play

ROOT, PICTURES = sys.argv[1:3]
LINK = "xmpp:bob@chat.example?roster"


def scene():
    entry = f"{ROOT}/usr/share/applications/org.causerie.Causerie.desktop"
    window = Window(f"{ROOT}/usr/bin/causerie", None, PICTURES, LINK, entry=entry)
    person = Person(window, "package", "keyboard", "en")
    try:
        # There is no account: the link leads to the page of who was invited.
        person.sees("wizard-title-invited")
        person.page("invited")
        if not (window.data / "causerie.db").exists():
            raise Failed(f"nothing is kept in {window.data}")
        window.quit()
    finally:
        window.kill()


play(scene)
