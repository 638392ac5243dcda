"""Reads what is written in a window, as a person does: from its picture. Knows where each word is."""

import csv
import io
import os
import pathlib
import re
import subprocess
import unicodedata

# Letters are small on a screen; what reads them is used to paper.
LARGER = 2
# Of buttons and fields.
HEIGHTS = range(26, 90)
WIDTHS = range(40, 760)
# How high the line at the foot of a window is.
FOOT = 67
# Of the words that come up beside a sign, and how far from it.
HINTS = range(16, 34)
AROUND = 420, 160
EDGE = 3
# With several threads it waits for itself more than it reads.
ALONE = os.environ | {"OMP_THREAD_LIMIT": "1"}


def plain(text):
    """Without case, accents and signs: what is left of a word that was read."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def convert(*arguments):
    """Runs ImageMagick."""
    return subprocess.run(["convert", *map(str, arguments)], capture_output=True, check=True).stdout


def read(picture, language, manner, corner=(0, 0)):
    """The words in a picture with their lines and places."""
    program = ["tesseract", "-", "-", "-l", language, "--psm", manner, "tsv"]
    table = subprocess.run(program, input=picture, capture_output=True, check=True, env=ALONE).stdout.decode()
    found = []
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = plain(row["text"] or "")
        if text:
            left, top, width, height = (int(row[name]) / LARGER for name in ("left", "top", "width", "height"))
            line = (corner, row["block_num"], row["par_num"], row["line_num"])
            found.append((line, text, (corner[0] + left, corner[1] + top, width, height)))
    return found


def boxes(picture, heights=HEIGHTS):
    """Where buttons and fields may be: what is one surface, or has an outline, of their size. Few colours made with dots break some outlines, and
    without them others."""
    listed = "".join(
        convert(picture, *dots, "-colors", "12", "-define", "connected-components:verbose=true",
                "-define", "connected-components:area-threshold=40", "-connected-components", "8", "null:").decode()
        for dots in ([], ["+dither"]))
    found = set()
    for size in re.finditer(r"(\d+)x(\d+)\+(\d+)\+(\d+) ", listed):
        width, height, left, top = map(int, size.groups())
        if height in heights and width in WIDTHS:
            found.add((left, top, width, height))
    return sorted(found, key=lambda box: (box[1], box[0]))


def enlarged(picture):
    """A picture as what reads it likes it."""
    return convert(picture, "-resize", f"{LARGER}00%", "-colorspace", "Gray", "png:-")


def words_in_buttons(picture, language, heights=HEIGHTS):
    """The words in what may be buttons and fields."""
    found = []
    for left, top, width, height in boxes(picture, heights):
        area = f"{width - 2 * EDGE}x{height - 2 * EDGE}+{left + EDGE}+{top + EDGE}"
        crop = [picture, "-crop", area, "+repage", "-resize", f"{LARGER}00%", "-colorspace", "Gray", "-auto-level"]
        # Dark letters on a light ground are what is read best.
        light = float(convert(*crop, "-format", "%[fx:mean]", "info:")) > 0.5
        button = convert(*crop, *([] if light else ["-negate"]), "png:-")
        found += read(button, language, "7", (left + EDGE, top + EDGE))
    return found


def places(found, wanted):
    """Where words stand one after the other in a line: how many others are in the line, and their middle, downwards first."""
    # A letter that stands alone is often not read, or read where there is none, or read as part of the next word.
    words = [plain(word) for word in wanted.split()]
    wanted = {"".join(words), "".join(word for word in words if len(word) > 1)}
    longest = max(map(len, wanted))
    found = [word for word in found if len(word[1]) > 1]
    there = []
    for start, (line, _, _) in enumerate(found):
        run, text = [], ""
        for word in found[start:]:
            if word[0] != line or len(text) > longest:
                break
            run.append(word)
            text += word[1]
            if text in wanted:
                left = min(box[0] for _, _, box in run)
                right = max(box[0] + box[2] for _, _, box in run)
                top = min(box[1] for _, _, box in run)
                bottom = max(box[1] + box[3] for _, _, box in run)
                others = sum(other == line for other, _, _ in found) - len(run)
                there.append((others, round((top + bottom) / 2), round((left + right) / 2)))
    return there


def place(picture, wanted, language):
    """The middle of the words that are wanted, where they stand one after the other in a line: rather where they are all of the line,
    and further up."""
    there = places(read(enlarged(picture), language, "11"), wanted)
    if not any(others == 0 for others, _, _ in there):
        there += places(words_in_buttons(picture, language), wanted)
    if not there:
        # What belongs to no text is overlooked now and then when texts are looked for, and seen when the page is read as one.
        there = places(read(enlarged(picture), language, "3"), wanted)
    return min(there)[:0:-1] if there else None


def place_alone(picture, wanted, language):
    """The same, but only where they are all of a line, as the name of a field is."""
    there = [found for found in places(read(enlarged(picture), language, "11"), wanted) if found[0] == 0]
    return min(there)[:0:-1] if there else None


def place_in_foot(picture, wanted, language):
    """The same, in the line at the foot of the window, where the buttons are that go on and back."""
    width, height = map(int, convert(picture, "-format", "%w %h", "info:").split())
    foot = pathlib.Path(f"{picture}-foot.png")
    convert(picture, "-crop", f"{width}x{FOOT}+0+{height - FOOT}", "+repage", foot)
    there = places(words_in_buttons(foot, language), wanted)
    foot.unlink()
    return (min(there)[2], min(there)[1] + height - FOOT) if there else None


def hints(picture, x, y, wanted, language):
    """Whether words have come up near that place."""
    width, height = AROUND
    left, top = max(0, x - width // 2), max(0, y - height // 2)
    around = pathlib.Path(f"{picture}-around.png")
    convert(picture, "-crop", f"{width}x{height}+{left}+{top}", "+repage", around)
    found = words_in_buttons(around, language, HINTS)
    around.unlink()
    return bool(places(found, wanted))


def says(picture, sentence, language):
    """Whether a sentence can be read in a picture, but for a word or two that are not read as they are written."""
    larger = enlarged(picture)
    wanted = [word for word in map(plain, sentence.split()) if len(word) > 2]
    for manner in ("11", "3"):
        there = {text for _, text, _ in read(larger, language, manner)}
        if sum(word in there for word in wanted) >= 0.85 * len(wanted):
            return True
    return False
