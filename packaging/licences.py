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
    """The files of a crate that are its licences, or that stand beside them."""
    files = {path for path in folder.iterdir() if path.is_file() and NAMED.match(path.name)}
    for below in folder.iterdir():
        if below.is_dir() and re.match(r"^licen[cs]es?$", below.name, re.IGNORECASE):
            files |= {path for path in below.rglob("*") if path.is_file()}
    if named and (folder / named).is_file():
        files.add(folder / named)
    for path in sorted(files):
        if path.suffix.lower() not in OTHER and path.stat().st_size <= LARGEST:
            yield path.read_text(encoding="utf-8", errors="replace").strip()


def main(target):
    host = re.search(r"^host: (.+)$", cargo("--version", "--verbose"), re.MULTILINE)[1]
    metadata = json.loads(cargo("metadata", "--format-version", "1", "--filter-platform", host, *AS_LOCKED))
    packages = {(package["name"], package["version"]): package for package in metadata["packages"]}
    numbers, entries, without = {}, [], []
    for name, version in linked():
        package = packages[name, version]
        expression = package["license"] or "see the text"
        folder = pathlib.Path(package["manifest_path"]).parent
        own = []
        for text in texts(folder, package["license_file"]):
            key = " ".join(text.split())
            if key:
                own.append(numbers.setdefault(key, (len(numbers) + 1, text))[0])
        if not own:
            without.append((name, version, expression, package["authors"]))
        entries.append((name, version, expression, package["repository"], own))
    with open(target, "w", encoding="utf-8") as file:
        print("Causerie is made with the programs of others. This is what is linked into it, with their licences.\n", file=file)
        for name, version, expression, repository, own in entries:
            where = ", ".join(f"text {number}" for number in own) or "no text of its own: see below"
            print(f"{name} {version}\n    licence: {expression}\n    {where}", file=file)
            if repository:
                print(f"    source: {repository}", file=file)
        if without:
            print("\nThese name a licence and bring no text of it. The texts below hold for them too, each with these names:\n", file=file)
            for name, version, expression, authors in without:
                print(f"{name} {version} ({expression}): Copyright (c) {', '.join(authors) or f'the authors of {name}'}", file=file)
            print(f"\n{MIT}", file=file)
        for number, text in numbers.values():
            print(f"\n{'=' * 80}\nText {number}\n{'=' * 80}\n\n{text}", file=file)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
