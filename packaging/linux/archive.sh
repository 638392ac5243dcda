#!/usr/bin/env bash
# Makes the archive for any Linux: the program, its entry and icon for the desktop, and `install`, which puts them in place for one user.
# Usage: archive.sh [FOLDER-OF-PROGRAM [FOLDER-FOR-ARCHIVE]]: target/release and target/packages, unless told otherwise. Prints its name.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
program=${1:-$root/target/release}/causerie
mkdir -p "${2:-$root/target/packages}"
packages=$(cd "${2:-$root/target/packages}" && pwd)
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -1)
name=causerie-$version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=$work/$name

# What `cargo deb` puts in its package, in the same places below the folder that is one's own.
install -D -m 755 "$root/packaging/linux/install" "$folder/install"
install -d "$folder/bin"
strip -o "$folder/bin/causerie" "$program"
chmod 755 "$folder/bin/causerie"
cd "$root"
install -D -m 644 packaging/linux/org.causerie.Causerie.desktop -t "$folder/share/applications"
install -D -m 644 packaging/linux/org.causerie.Causerie.metainfo.xml -t "$folder/share/metainfo"
install -D -m 644 packaging/linux/org.causerie.Causerie.svg -t "$folder/share/icons/hicolor/scalable/apps"
install -D -m 644 assets/icon-256.png "$folder/share/icons/hicolor/256x256/apps/org.causerie.Causerie.png"
install -D -m 644 CHANGELOG.md LICENSE README.md SECURITY.md -t "$folder/share/doc/causerie"
install -D -m 644 assets/fonts/LICENSE-*.txt -t "$folder/share/doc/causerie"
packaging/licences.py "$folder/share/doc/causerie/THIRD-PARTY-LICENCES.txt"
chmod 644 "$folder/share/doc/causerie/THIRD-PARTY-LICENCES.txt"

archive=$packages/$name-linux-$(uname -m).tar.gz
# By number, so that whoever unpacks it as root gets no files of a stranger.
tar --create --gzip --owner=0 --group=0 --numeric-owner --file "$archive" --directory "$work" "$name"
printf '%s\n' "$archive"
