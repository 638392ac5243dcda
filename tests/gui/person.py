"""Whoever sits before the window and has no account yet: what they see, press and type, and what they have had to do."""

import pathlib
import re
import time

import reading
from window import ARRIVED, Failed, clipboard, kept_password, stage, until, xdotool

TONGUES = {"en": "eng", "fr": "fra"}
I18N = pathlib.Path(__file__).parent.parent.parent / "i18n"
# The buttons that lead from page to page.
IN_FOOT = ("wizard-on", "wizard-create", "wizard-add", "sign-in-submit")
# What is at the lower end of the conversation, from the lower right corner of the window: the middle of the arrow, and of the field.
ARROW, FIELD = (48, 34), (340, 34)
# Where fields on the pages before there is an account begin and end, from the middle of the window.
FIELD_ENDS = -250, 230
# From the name of the field with a password to the sign beside it that copies it, on the page of the name; further in on a card.
COPIES, CARD = (697, 33), 16


def catalogue(language):
    """The words of the program, those of one line."""
    text = (I18N / language / "causerie.ftl").read_text()
    return dict(re.findall(r"^([a-z][a-z0-9-]*) = (.+)$", text, re.M))


def away():
    """Takes the pointer out of the way of pictures, once the click was seen: a window that is busy looks at a click and at where the
    pointer is only then."""
    time.sleep(0.6)
    xdotool("mousemove", "0", "0")


class Person:
    """Somebody with one way of doing things and one language."""

    def __init__(self, window, name, by, language):
        self.window, self.name, self.by, self.language = window, name, by, language
        self.tongue = TONGUES[language]
        self.words = catalogue(language)
        self.pages, self.clicks, self.fields, self.letters = [], 0, 0, 0
        # Seconds that went by with the reading of pictures, which takes a person none.
        self.read = 0
        # Of the pages that were looked at.
        self.pictures = []

    def page(self, name, wait=0.8):
        """A page that is looked at."""
        self.pages.append(name)
        self.pictures.append(self.window.picture(f"{self.name}-{len(self.pages)}-{name}", wait))
        return self.pictures[-1]

    def look(self):
        """What is there to see now."""
        return self.window.picture(f"{self.name}-seen", 0.1)

    def reads(self, question):
        """The answer to a question to a picture of the window."""
        picture = self.look()
        began = time.monotonic()
        answer = question(picture)
        self.read += time.monotonic() - began
        return answer

    def find(self, key, alone=False):
        """Where those words of the program stand, as soon as they can be read; if so wanted, where nothing else is in their line."""
        words = self.words[key]
        read = reading.place_in_foot if key in IN_FOOT else reading.place_alone if alone else reading.place
        place = lambda picture: read(picture, words, self.tongue)
        return until(f"the words {words!r} in the window", lambda: self.reads(place))

    def press(self, key):
        """Presses the button that says this; by keyboard, the one that has the focus."""
        if self.by == "mouse":
            self.window.click(*self.find(key))
            away()
        else:
            self.window.key("Return")
        self.clicks += 1

    def press_sign(self, key, x, y):
        """Presses the button there, which has a sign on it and says this to whoever rests on it."""
        xdotool("mousemove", "--window", self.window.id, str(x), str(y))
        words = self.words[key]
        hints = lambda picture: reading.hints(picture, x, y, words, self.tongue)
        until(f"the words {words!r} at a sign", lambda: self.reads(hints))
        self.window.click(x, y)
        away()
        self.clicks += 1

    def corner(self, place):
        """A place that is so far from the lower right corner of the window."""
        return tuple(size - distance for size, distance in zip(self.window.size, place))

    def copy_password(self, inwards=0):
        """Copies the password by the sign beside it; by keyboard from the field with the name."""
        if self.by == "mouse":
            _, y = self.find("sign-in-password")
            self.press_sign("wizard-password-copy", COPIES[0] - inwards, y + COPIES[1])
        else:
            # Past the field and the eye.
            self.window.key("Tab", "Tab", "Tab")
            self.press("wizard-password-copy")
        return until("the password on the clipboard", clipboard)

    def fill(self, key, text, instead=False):
        """Types into the field that is called so, instead of what is in it; by keyboard, into the one that has the focus."""
        if self.by == "mouse":
            x, y = self.find(key, alone=True)
            # The field is below its name.
            if instead:
                middle = self.window.size[0] // 2
                self.window.drag(middle + FIELD_ENDS[1], middle + FIELD_ENDS[0], y + 30)
            else:
                self.window.click(x, y + 30)
            self.clicks += 1
        elif instead:
            self.window.key("ctrl+a")
        self.window.type(text)
        self.fields += 1
        self.letters += len(text)

    def reads_now(self, key, **names):
        """Whether a sentence of the program can be read at this moment."""
        sentence = self.sentence(key, **names)
        return self.reads(lambda picture: reading.says(picture, sentence, self.tongue))

    def sees(self, key, **names):
        """Waits until a sentence of the program can be read. Gives the picture in which it was."""
        sentence = self.sentence(key, **names)

        says = lambda picture: reading.says(picture, sentence, self.tongue)
        try:
            return until(f"the sentence {sentence!r} in the window", lambda: self.reads(says))
        except Failed:
            self.window.picture(f"{self.name}-not-seen")
            raise

    def sentence(self, key, **names):
        """A sentence of the program, as far as its parts are known."""
        part = re.compile(r"\{ \$(\w+) \}")
        return part.sub(lambda found: names.get(found[1], " "), self.words[key])

    def writes(self, text):
        """Writes a message in the conversation that is shown, and sends it; by keyboard from its field."""
        if self.by == "mouse":
            self.window.click(*self.corner(FIELD))
            self.clicks += 1
        self.window.type(text)
        self.fields += 1
        self.letters += len(text)
        if self.by == "mouse":
            self.press_sign("composer-send", *self.corner(ARROW))
        else:
            self.window.key("Return")
            self.clicks += 1

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
        until("the address that was typed", lambda: window.remembered().get("contact") == stage("BOB"))
        self.press("wizard-add")
        bob.wait(event="requests")
        bob.ask("accept", jid=address)
        until("Bob among the contacts", lambda: window.rows("SELECT 1 FROM contact WHERE subscription = 'both'"))
        self.page("conversation", 1.5)
        self.writes(text)
        arrived = bob.wait(event="message", peer=address)
        if arrived["text"] != text or not arrived["encrypted"]:
            raise Failed(f"typed {text!r}, arrived {arrived}")
        until("the tick", lambda: window.message(text) in ARRIVED)
        if text in pathlib.Path(stage("SEEN")).read_text():
            raise Failed("the server has seen the message in clear")
