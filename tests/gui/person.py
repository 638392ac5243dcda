"""Whoever sits before the window and has no account yet: what they see, press and type, and what they have had to do."""

import pathlib
import re

import reading
from window import ARRIVED, Failed, kept_password, stage, until, xdotool

TONGUES = {"en": "eng", "fr": "fra"}
I18N = pathlib.Path(__file__).parent.parent.parent / "i18n"


def catalogue(language):
    """The words of the program, those of one line."""
    text = (I18N / language / "causerie.ftl").read_text()
    return dict(re.findall(r"^([a-z][a-z0-9-]*) = (.+)$", text, re.M))


class Person:
    """Somebody with one way of doing things and one language."""

    def __init__(self, window, name, by, language):
        self.window, self.name, self.by, self.language = window, name, by, language
        self.tongue = TONGUES[language]
        self.words = catalogue(language)
        self.pages, self.clicks, self.fields, self.letters = [], 0, 0, 0

    def page(self, name, wait=0.8):
        """A page that is looked at."""
        self.pages.append(name)
        return self.window.picture(f"{self.name}-{len(self.pages)}-{name}", wait)

    def look(self):
        """What is there to see now."""
        return self.window.picture(f"{self.name}-seen", 0.1)

    def find(self, key):
        """Where those words of the program stand, as soon as they can be read."""
        words = self.words[key]
        return until(f"the words {words!r} in the window", lambda: reading.place(self.look(), words, self.tongue))

    def press(self, key):
        """Presses the button that says this; by keyboard, the one that has the focus."""
        if self.by == "mouse":
            self.window.click(*self.find(key))
            xdotool("mousemove", "0", "0")
        else:
            self.window.key("Return")
        self.clicks += 1

    def fill(self, key, text, instead=False):
        """Types into the field that is called so, instead of what is in it; by keyboard, into the one that has the focus."""
        if self.by == "mouse":
            x, y = self.find(key)
            # The field is below its name. Three clicks take all of it.
            for _ in range(3 if instead else 1):
                self.window.click(x, y + 30, 0.02)
            self.clicks += 1
        elif instead:
            self.window.key("ctrl+a")
        self.window.type(text)
        self.fields += 1
        self.letters += len(text)

    def sees(self, key, **names):
        """Waits until a sentence of the program can be read. Gives the picture in which it was."""
        sentence = self.sentence(key, **names)

        def look():
            picture = self.look()
            return picture if reading.says(picture, sentence, self.tongue) else None
        try:
            return until(f"the sentence {sentence!r} in the window", look)
        except Failed:
            self.window.picture(f"{self.name}-not-seen")
            raise

    def sentence(self, key, **names):
        """A sentence of the program, as far as its parts are known."""
        part = re.compile(r"\{ \$(\w+) \}")
        return part.sub(lambda found: names.get(found[1], " "), self.words[key])

    def first_message(self, bob, address, text):
        """From the account that was made to the first message, which is delivered and was seen by nobody else."""
        window = self.window
        until("an account that is signed in",
              lambda: window.rows("SELECT 1 FROM account WHERE roster_version IS NOT NULL"))
        until("the password in the keyring", lambda: kept_password(address))
        self.page("ready", 2)
        self.press("wizard-on")
        self.page("contact")
        self.fill("wizard-contact", stage("BOB"))
        self.press("wizard-add")
        bob.wait(event="requests")
        bob.ask("accept", jid=address)
        until("Bob among the contacts", lambda: window.rows("SELECT 1 FROM contact WHERE subscription = 'both'"))
        self.page("conversation", 1.5)
        window.type(text)
        self.fields += 1
        self.letters += len(text)
        window.key("Return")
        arrived = bob.wait(event="message", peer=address)
        if arrived["text"] != text or not arrived["encrypted"]:
            raise Failed(f"typed {text!r}, arrived {arrived}")
        until("the tick", lambda: window.message(text) in ARRIVED)
        if text in pathlib.Path(stage("SEEN")).read_text():
            raise Failed("the server has seen the message in clear")
