#!/usr/bin/env bash
# Makes the package for Debian and Ubuntu, as the recipe in Cargo.toml ([package.metadata.deb]) has it, with Debian's own tools.
# Usage: deb.sh [FOLDER-OF-PROGRAM [FOLDER-FOR-PACKAGE]]: target/release and target/packages, unless told otherwise. Prints its name.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
program=$(cd "${1:-$root/target/release}" && pwd)/causerie
mkdir -p "${2:-$root/target/packages}"
packages=$(cd "${2:-$root/target/packages}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/tree
doc=$tree/usr/share/doc/causerie
cd "$root"

# Asks the recipe: prints a value, a file to a line, or all of `control` but what the tools say.
recipe() {
  /usr/bin/python3 - "$@" << 'END'
import sys, tomllib
with open("Cargo.toml", "rb") as file:
    manifest = tomllib.load(file)
package, recipe = manifest["package"], manifest["package"]["metadata"]["deb"]
version = manifest["workspace"]["package"]["version"]
match sys.argv[1:]:
    case ["version"]:
        print(version)
    case ["assets"]:
        for source, target, mode in recipe["assets"]:
            print(source, target, mode, sep="\t")
    case ["control", architecture, libraries, size]:
        depends = recipe["depends"].replace("$auto", libraries)
        words = [line if line.strip() else "." for line in recipe["extended-description"].rstrip("\n").split("\n")]
        print(f"Package: {package['name']}", f"Version: {version}", f"Architecture: {architecture}", f"Depends: {depends}",
              f"Recommends: {recipe['recommends']}", f"Section: {recipe['section']}", f"Priority: {recipe['priority']}",
              f"Installed-Size: {size}", f"Maintainer: {recipe['maintainer']}", f"Description: {package['description']}",
              *(f" {line}" for line in words), sep="\n")
END
}

/usr/bin/python3 packaging/licences.py "$work/THIRD-PARTY-LICENCES.txt"
while IFS=$'\t' read -r from to mode; do
  case $from in
    target/release/causerie) from=$program ;;
    target/THIRD-PARTY-LICENCES.txt) from=$work/THIRD-PARTY-LICENCES.txt ;;
  esac
  case $to in */) to=$to$(basename "$from") ;; esac
  install -D -m "$mode" "$from" "$tree/$to"
done < <(recipe assets)
strip --remove-section=.comment --remove-section=.note "$tree/usr/bin/causerie"
gzip -9n < CHANGELOG.md > "$doc/changelog.gz"
rm "$doc/CHANGELOG.md"

# The licences, whole: the first is not among those that every Debian has.
indented() { sed 's/^[[:space:]]*$/./; s/^/ /' "$1"; }
{
  printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: Causerie\n'
  printf '\nFiles: *\nCopyright: the authors of Causerie\nLicense: AGPL-3.0-or-later\n'
  indented LICENSE
  printf '\nFiles: assets/fonts/Inter-* assets/fonts/JetBrainsMono-*\nCopyright: see below\nLicense: OFL-1.1\n'
  indented assets/fonts/LICENSE-OFL.txt
  printf '\nFiles: assets/fonts/TwemojiMozilla.ttf\nCopyright: see below\nLicense: CC-BY-4.0\n'
  indented assets/fonts/LICENSE-Twemoji.txt
  printf '\nFiles: assets/fonts/lucide.ttf\nCopyright: see below\nLicense: ISC\n'
  indented assets/fonts/LICENSE-Lucide.txt
  printf '\nFiles: assets/providers/*\nCopyright: the XMPP Providers project\nLicense: CC0-1.0\n'
  printf ' In the public domain: the whole text is in /usr/share/common-licenses/CC0-1.0.\n'
} > "$doc/copyright"
chmod 644 "$doc"/*

# Which libraries the program is linked with, by Debian's own look at it; it wants to be told of a source package.
mkdir "$work/debian"
printf 'Source: causerie\n\nPackage: causerie\nArchitecture: any\n' > "$work/debian/control"
libraries=$(cd "$work" && dpkg-shlibdeps -O --ignore-missing-info "$tree/usr/bin/causerie" 2> "$work/said") || { cat "$work/said" >&2; exit 1; }
architecture=$(dpkg --print-architecture)
find "$tree" -type d -exec chmod 755 {} +
mkdir "$tree/DEBIAN"
(cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum) > "$tree/DEBIAN/md5sums"
recipe control "$architecture" "${libraries#shlibs:Depends=}" "$(du -sk "$tree/usr" | cut -f 1)" > "$tree/DEBIAN/control"
chmod 644 "$tree"/DEBIAN/*

package=$packages/causerie_$(recipe version)_$architecture.deb
# By number, so that nobody but the administrator can change what was installed.
dpkg-deb --root-owner-group --build "$tree" "$package" > /dev/null
printf '%s\n' "$package"
