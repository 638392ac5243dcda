"""A new account becomes somebody's own: a picture, the sheet, a note to oneself. By mouse."""

import os
import pathlib
import subprocess
import sys

import reading
from asking import Client
from person import Person
from window import ARRIVED, Browser, Chooser, Failed, Window, kept_password, play, stage, until, xdotool

BINARIES, DATA, PICTURES, LANGUAGE = sys.argv[1:5]
NAME, SHOWN, NOTE = "camille", "Camille Roux", "Buy bread on the way home"
# What nobody but the person is to know.
PLACE = b"SECRET-PLACE-48.8566N"
# On the page of the new account: the signs that make the part larger and smaller, seen from the name of the button above them; and
# the picture, seen from the same.
LARGER, RING = (0, 40), (-150, 60)


def exif():
    """What a camera writes before a picture: held on its side, taken at a place (Exif 2.3, in a TIFF with big numbers first)."""
    # Two entries: Orientation = 6, and where those of the place are; one of these, its letter, and a text that can be looked for.
    return (b"Exif\0\0MM\0\x2a\0\0\0\x08" b"\0\x02" b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0" b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26"
            b"\0\0\0\0" b"\0\x01" b"\0\x01\0\x02\0\0\0\x02N\0\0\0" b"\0\0\0\0" + PLACE)


def photograph(file):
    """A photograph that is red above, green in the middle and blue below once it is turned as it says."""
    stripes = ["(", "-size", "400x800", "xc:#c00000", ")", "(", "-size", "400x800", "xc:#00a000", ")",
               "(", "-size", "400x800", "xc:#0000c0", ")", "+append", "-quality", "90", "jpeg:-"]
    plain, head = reading.convert(*stripes), exif()
    file.write_bytes(plain[:2] + b"\xff\xe1" + (len(head) + 2).to_bytes(2, "big") + head + plain[2:])
    told = subprocess.run(["identify", "-format", "%[EXIF:Orientation] %[EXIF:GPSLatitudeRef]", file], capture_output=True, text=True)
    if told.stdout != "6 N":
        raise Failed(f"the photograph does not say where it was taken: {told}")


def to_account(person):
    """From an invitation to the account, by keyboard."""
    person.sees("wizard-invited-account", provider=stage("DOMAIN"))
    person.window.key("Return")
    until("the page of the name", lambda: person.window.remembered().get("page") == "identity")
    person.window.type(NAME)
    person.window.key("Return")
    until("an account that is signed in", lambda: person.window.rows("SELECT 1 FROM account WHERE roster_version IS NOT NULL"))


def portrait(person, chooser, photo):
    """The picture: thought better of, chosen, and the upper part of it taken."""
    window, asked = person.window, len(chooser.asked())
    person.press("wizard-picture-choose")
    until("the window for files", lambda: len(chooser.asked()) > asked)
    person.sees("wizard-picture-choose")
    chooser.will_choose(photo)
    person.press("wizard-picture-choose")
    person.sees("wizard-crop-note")
    person.page("crop")
    x, y = person.find("wizard-picture-other")
    larger = x + LARGER[0], y + LARGER[1]
    for _ in range(3):
        window.click(*larger)
    # Whoever pulls the picture down sees what is above.
    ring = x + RING[0], y + RING[1]
    xdotool("mousemove", "--window", window.id, *map(str, ring), "mousedown", "1")
    for step in range(1, 9):
        xdotool("mousemove", "--window", window.id, str(ring[0]), str(ring[1] + 15 * step))
    xdotool("mouseup", "1", "mousemove", "0", "0")
    person.page("cropped")


def sheets(person, chooser, folder, password):
    """The sheet: as PDF and as picture, with the password and without."""
    for name, with_password in [("bare.pdf", False), ("bare.png", False), ("whole.png", True), ("whole.pdf", True)]:
        file = folder / name
        if name == "whole.png":
            person.sees("wizard-sheet-written")
            person.press("wizard-sheet-password")
        chooser.will_choose(file)
        # What is said of the one before has moved the buttons. While one is written, no other one can be.
        place = person.find(f"wizard-sheet-{name[-3:]}")
        until("the window for files", lambda: person.window.click(*place) or not chooser.will())
        until(f"the sheet {name}", lambda: file.exists() and file.stat().st_size)
        if file.stat().st_mode & 0o777 != 0o600:
            raise Failed(f"others can read {name}")
        says = [of_paper(file)] if name.endswith("pdf") else of_picture(file, person.tongue)
        address = f"{NAME}@{stage('DOMAIN')}"
        if not stands(address, says) or stands(password, says) != with_password:
            raise Failed(f"{name} says {says}")
    person.page("sheet")


def stands(wanted, readings):
    """Whether it stands in one of the readings of a sheet."""
    return any(reading.plain(wanted) in text for text in readings)


def of_paper(file):
    """What can be read on a PDF file, without blanks and signs."""
    text = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
    # Drawn as it is printed, for whoever looks at the pictures.
    subprocess.run(["pdftoppm", "-r", "60", "-png", "-singlefile", file, pathlib.Path(PICTURES) / f"settling-{file.stem}-paper"],
                   check=True)
    return reading.plain(text)


def of_picture(file, tongue):
    """What can be read on a picture, without blanks and signs, at each size, and narrower, as letters that all have one width are easily read
    twice: what is misread at one size is not at the others. The code on it has to be that of the address."""
    code = subprocess.run(["zbarimg", "--quiet", "--raw", file], capture_output=True, text=True, check=True).stdout.strip()
    if not code.startswith(f"xmpp:{NAME}@{stage('DOMAIN')}"):
        raise Failed(f"the code on {file.name} says {code!r}")
    sizes = (reading.convert(file, "-resize", f"{width}%x{height}%", "png:-")
             for width, height in ((80, 100), (100, 100), (104, 130), (130, 130), (160, 160), (200, 200)))
    return ["".join(text for _, text, _ in reading.read(picture, tongue, "3")) for picture in sizes]


def published(password):
    """The picture that the server gives to others: the upper part, without where it was taken."""
    client = Client(f"{NAME}@{stage('DOMAIN')}", password)
    picture = until("the picture at the server", lambda: client.item("urn:xmpp:avatar:data"))
    metadata = until("what is told of the picture", lambda: client.item("urn:xmpp:avatar:metadata", raw=True))
    name = until("the name at the server", lambda: client.item("http://jabber.org/protocol/nick", raw=True))
    client.end()
    for word in (PLACE, b"SECRET", b"Exif", b"GPS", b"MM\0\x2a", b"II\x2a\0", b"eXIf", b"tEXt", b"iTXt", b"zTXt"):
        if word in picture:
            raise Failed(f"{word} is in the picture that was published")
    if SHOWN not in name or "image/" not in metadata:
        raise Failed(f"published: {name} {metadata}")
    file = pathlib.Path(PICTURES) / "settling-published"
    file.write_bytes(picture)
    told = subprocess.run(["identify", "-format", "%w %h %[EXIF:*]|%[pixel:p{10,10}]|%[pixel:p{10,180}]", f"{file}"],
                          capture_output=True, text=True, check=True).stdout
    size, above, below = told.split("|")
    width, height = map(int, size.split())
    colours = [list(map(int, map(float, colour[colour.index("(") + 1:-1].split(",")[:3]))) for colour in (above, below)]
    if width != height or colours[0][0] < 120 or colours[1][1] < 100 or colours[1][2] > 100:
        raise Failed(f"not the part that was chosen: {told}")


def scene():
    folder = pathlib.Path(f"{DATA}-files")
    folder.mkdir()
    browser, chooser = Browser(f"{DATA}-browser"), Chooser(f"{DATA}-chooser")
    photo = folder / "holiday.jpg"
    photograph(photo)
    window = Window(f"{BINARIES}/causerie", DATA, PICTURES, stage("INVITATIONS").split()[0])
    person = Person(window, f"settling-{LANGUAGE}", "mouse", LANGUAGE)
    try:
        to_account(person)
        password = until("the password in the keyring", lambda: kept_password(f"{NAME}@{stage('DOMAIN')}"))
        person.page("ready", 1.5)
        sheets(person, chooser, folder, password)
        portrait(person, chooser, photo)
        person.fill("wizard-shown-name", SHOWN)
        person.press("wizard-on")
        person.page("contact")
        published(password)
        person.press("wizard-note")
        person.page("to-oneself", 1.5)
        person.writes(NOTE)
        until("the note at the server", lambda: window.message(NOTE) in [(1, 1), *ARRIVED])
        person.page("noted", 1)
        if NOTE in pathlib.Path(stage("SEEN")).read_text() or browser.opened():
            raise Failed(f"the server has seen the note in clear, or {browser.opened()} was opened")
        window.quit()
    finally:
        window.kill()


os.environ["GTK_USE_PORTAL"] = "0"
play(scene)
