"""Reads what is written in a window, as a person does: from its picture. Knows where each word is."""

import csv
import io
import os
import re
import subprocess
import unicodedata

# Letters are small on a screen; what reads them is used to paper.
LARGER = 2
# Of buttons and fields.
HEIGHTS = range(26, 90)
WIDTHS = range(40, 760)
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


def boxes(picture):
    """Where buttons and fields may be: what is one surface, or has an outline, of their size."""
    listed = convert(picture, "-colors", "12", "-define", "connected-components:verbose=true",
                     "-define", "connected-components:area-threshold=40", "-connected-components", "8", "null:").decode()
    found = set()
    for size in re.finditer(r"(\d+)x(\d+)\+(\d+)\+(\d+) ", listed):
        width, height, left, top = map(int, size.groups())
        if height in HEIGHTS and width in WIDTHS:
            found.add((left, top, width, height))
    return sorted(found, key=lambda box: (box[1], box[0]))


def enlarged(picture):
    """A picture as what reads it likes it."""
    return convert(picture, "-resize", f"{LARGER}00%", "-colorspace", "Gray", "png:-")


def words_in_buttons(picture, language):
    """The words in what may be buttons and fields."""
    found = []
    for left, top, width, height in boxes(picture):
        area = f"{width - 2 * EDGE}x{height - 2 * EDGE}+{left + EDGE}+{top + EDGE}"
        crop = [picture, "-crop", area, "+repage", "-resize", f"{LARGER}00%", "-colorspace", "Gray", "-auto-level"]
        # Dark letters on a light ground are what is read best.
        light = float(convert(*crop, "-format", "%[fx:mean]", "info:")) > 0.5
        button = convert(*crop, *([] if light else ["-negate"]), "png:-")
        found += read(button, language, "7", (left + EDGE, top + EDGE))
    return found


def places(found, wanted):
    """Where words stand one after the other in a line: how many others are in the line, and their middle, downwards first."""
    # A letter that stands alone is often not read, or read where there is none.
    wanted = [word for word in map(plain, wanted.split()) if len(word) > 1]
    found = [word for word in found if len(word[1]) > 1]
    there = []
    for start in range(len(found) - len(wanted) + 1):
        run = found[start:start + len(wanted)]
        if [text for _, text, _ in run] == wanted and len({line for line, _, _ in run}) == 1:
            left = min(box[0] for _, _, box in run)
            right = max(box[0] + box[2] for _, _, box in run)
            top = min(box[1] for _, _, box in run)
            bottom = max(box[1] + box[3] for _, _, box in run)
            others = sum(line == run[0][0] for line, _, _ in found) - len(wanted)
            there.append((others, round((top + bottom) / 2), round((left + right) / 2)))
    return there


def place(picture, wanted, language):
    """The middle of the words that are wanted, where they stand one after the other in a line: rather where they are all of the line,
    and further up."""
    there = places(read(enlarged(picture), language, "11"), wanted)
    if not any(others == 0 for others, _, _ in there):
        there += places(words_in_buttons(picture, language), wanted)
    return min(there)[:0:-1] if there else None


def says(picture, sentence, language):
    """Whether a sentence can be read in a picture, but for a word or two that are not read as they are written."""
    larger = enlarged(picture)
    wanted = [word for word in map(plain, sentence.split()) if len(word) > 2]
    for manner in ("11", "3"):
        there = {text for _, text, _ in read(larger, language, manner)}
        if sum(word in there for word in wanted) >= 0.85 * len(wanted):
            return True
    return False
