#!/usr/bin/env bash
# The package for Debian and Ubuntu: it is made, installed below a folder by dpkg, whose own list says whether all that it depends on is
# there, started from its entry with a link, and removed again.
# Usage: package.sh FOLDER-OF-PROGRAMS [FOLDER-FOR-PICTURES]
# shellcheck source=tests/scripts/desktop.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/desktop.sh"
begin "$@"
root=$work/root
# What is tried here need not be small.
package=$(DPKG_DEB_COMPRESSOR_TYPE=gzip DPKG_DEB_COMPRESSOR_LEVEL=1 "$here/../../packaging/linux/deb.sh" "$1" "$work") || exit 1

# Everything is said to a copy of dpkg's list, which has no scripts that other packages run: the machine's own stays as it is.
mkdir "$root" && cp -r /var/lib/dpkg "$work/dpkg" || exit 1
find "$work/dpkg" \( -name 'lock*' -o -regex '.*/info/.*\.\(preinst\|postinst\|prerm\|postrm\|triggers\)' \) -delete
packages() { PATH=$PATH:/usr/sbin:/sbin dpkg --force-not-root --instdir="$root" --admindir="$work/dpkg" --log="$work/log" "$@"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

packages --install "$package" > "$work/said" 2>&1 || fail "it cannot be installed: $(cat "$work/said")"
packages --status causerie | grep -q '^Status: install ok installed$' || fail "it is not installed: $(packages --status causerie)"
for file in bin/causerie share/applications/org.causerie.Causerie.desktop share/metainfo/org.causerie.Causerie.metainfo.xml \
  share/icons/hicolor/scalable/apps/org.causerie.Causerie.svg share/icons/hicolor/256x256/apps/org.causerie.Causerie.png \
  share/doc/causerie/copyright share/doc/causerie/changelog.gz share/doc/causerie/THIRD-PARTY-LICENCES.txt; do
  [ -s "$root/usr/$file" ] || fail "$file is not in the package"
done
(cd "$root" && md5sum --quiet --check "$work/dpkg/info/causerie.md5sums") || fail "what was installed is not what the package lists"
for licence in "GNU AFFERO GENERAL PUBLIC LICENSE" "SIL OPEN FONT LICENSE" "Attribution 4.0 International" "ISC License"; do
  grep -qi "$licence" "$root/usr/share/doc/causerie/copyright" || fail "the $licence is not in the package"
done
parts=$root/usr/share/doc/causerie/THIRD-PARTY-LICENCES.txt
while read -r name version _; do
  case $name in causerie*) continue ;; esac
  grep -qx "$name ${version#v}" "$parts" || fail "the licence of $name is not in the package"
done < <(cd "$here/../.." && cargo tree --locked --offline -p causerie -e normal --prefix none --format '{p}')
grep -q '^MimeType=.*x-scheme-handler/xmpp;' "$root/usr/share/applications/org.causerie.Causerie.desktop" || fail "it takes no links"

x_up && bus_up "$work/home" absent || exit 1
PATH=$root/usr/bin:$PATH XDG_DATA_DIRS=$root/usr/share:/usr/share LANGUAGE=en LANG=C.UTF-8 LC_ALL=C.UTF-8 \
  /usr/bin/python3 "$here/package.py" "$root" "$pictures" || exit 1

packages --purge causerie > "$work/said" 2>&1 || fail "it cannot be removed: $(cat "$work/said")"
left=$(find "$root" -type f)
[ -z "$left" ] || fail "it leaves behind: $left"
