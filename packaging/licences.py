#!/usr/bin/env python3
"""Writes what the crates that are linked into Causerie want handed on with it: their names, their licences, and the texts that lie in them.

Usage: licences.py FILE. Asks cargo for the crates of this system (`cargo tree -e normal`), as Cargo.lock fixes them, and the folders where
cargo has put their sources. Needs Python 3.11 and no network. Texts that are the same, but for blanks, are written once.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What files of licences are called.
NAMED = re.compile(r"^(licen[cs]es?|copying|copyright|notice|unlicense|patents|authors?)([-_.].*)?$", re.IGNORECASE)
# Below the top of a crate they may be called after what they are for, too.
DEEPER = re.compile(r"^.*[-_]licen[cs]e([-_.].*)?$", re.IGNORECASE)
# What lies in these is not linked in.
ASIDE = {"tests", "test", "benches", "examples", "assets", "fonts", "scripts", ".github"}
# What ends so is no text of a licence, whatever it is called.
OTHER = {".rs", ".toml", ".json", ".html", ".py", ".sh", ".png", ".svg"}
# The largest of them, in bytes.
LARGEST = 256 * 1024
AS_LOCKED = ["--locked", "--offline"]
# For crates that name the licence and bring no text.
MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""


def cargo(*arguments):
    command = [os.environ.get("CARGO", "cargo"), *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def linked():
    """Names and versions of what is linked into the program, without what is ours."""
    tree = ["tree", "--package", "causerie", "--edges", "normal", "--prefix", "none", "--format", "{p}"]
    lines = cargo(*tree, *AS_LOCKED).splitlines()
    found = {tuple(line.split()[:2]) for line in lines if line.strip()}
    return sorted((name, version.removeprefix("v")) for name, version in found if not name.startswith("causerie"))


def texts(folder, named):
    """The files of a crate that are licences, each with whether it is one of the whole crate: those deeper in it are of parts that somebody
    else has made."""
    files = set()
    for path in folder.rglob("*"):
        above = path.relative_to(folder).parts[:-1]
        if not path.is_file() or ASIDE.intersection(part.lower() for part in above):
            continue
        in_folder_of_them = any(re.match(r"^licen[cs]es?$", part, re.IGNORECASE) for part in above)
        if NAMED.match(path.name) or in_folder_of_them or above and DEEPER.match(path.name):
            files.add(path)
    if named and (folder / named).is_file():
        files.add(folder / named)
    for path in sorted(files, key=lambda path: (len(path.parts), path)):
        if path.suffix.lower() not in OTHER and path.stat().st_size <= LARGEST:
            first, *deeper = path.relative_to(folder).parts
            whole = not deeper or re.match(r"^licen[cs]es?$", first, re.IGNORECASE)
            yield path.read_text(encoding="utf-8", errors="replace").strip(), bool(whole)


def named(crates, words, file):
    """Names who holds the rights of each of them, below those words."""
    if crates:
        print(f"\n{words}\n", file=file)
    for name, version, expression, authors in crates:
        print(f"{name} {version} ({expression}): Copyright (c) {', '.join(authors) or f'the authors of {name}'}", file=file)


def main(target):
    host = re.search(r"^host: (.+)$", cargo("--version", "--verbose"), re.MULTILINE)[1]
    metadata = json.loads(cargo("metadata", "--format-version", "1", "--filter-platform", host, *AS_LOCKED))
    packages = {(package["name"], package["version"]): package for package in metadata["packages"]}
    numbers, entries, without = {}, [], []
    for name, version in linked():
        package = packages[name, version]
        expression = package["license"] or "see the text"
        folder = pathlib.Path(package["manifest_path"]).parent
        own, complete = [], False
        for text, whole in texts(folder, package["license_file"]):
            key = " ".join(text.split())
            if key:
                own.append(numbers.setdefault(key, (len(numbers) + 1, text))[0])
                complete = complete or whole
        if not complete:
            without.append((name, version, expression, package["authors"]))
        entries.append((name, version, expression, package["repository"], own))
    with open(target, "w", encoding="utf-8") as file:
        print("Causerie is made with the programs of others. This is what is linked into it, with their licences.\n", file=file)
        for name, version, expression, repository, own in entries:
            where = ", ".join(f"text {number}" for number in own) or "no text of its own: see below"
            print(f"{name} {version}\n    licence: {expression}\n    {where}", file=file)
            if repository:
                print(f"    source: {repository}", file=file)
        free = [crate for crate in without if "CC0" in crate[2] and "MIT" not in crate[2]]
        mit = [crate for crate in without if "MIT" in crate[2]]
        others = [crate for crate in without if crate not in free + mit]
        release = re.search(r"^release: (\S+)", cargo("--version", "--verbose"), re.MULTILINE)[1]
        mit.append(("Rust’s standard library", release, "MIT OR Apache-2.0", ["the Rust Project contributors"]))
        named(free, "These are given to everybody without conditions (CC0-1.0, https://creativecommons.org/publicdomain/zero/1.0/):", file)
        named(others, "These name a licence and bring no text of it, which is among the numbered ones below:", file)
        named(mit, "These name a licence and bring no text of it. They are used under this one, each with these names:", file)
        print(f"\n{MIT}", file=file)
        for number, text in numbers.values():
            print(f"\n{'=' * 80}\nText {number}\n{'=' * 80}\n\n{text}", file=file)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
