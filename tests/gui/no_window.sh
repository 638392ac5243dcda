#!/usr/bin/env bash
# Without a display, or without a library that a window needs: one sentence that says what is missing, and a plain exit code.
# Usage: no_window.sh FOLDER-OF-PROGRAMS
# shellcheck source=tests/scripts/desktop.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/desktop.sh"
begin "$@"
unset WAYLAND_DISPLAY WAYLAND_SOCKET DISPLAY

# says WORDS COMMAND...: the program ends with 1, and its only line has these words.
says() {
  local words=$1 said code
  shift
  said=$("$@" --data-dir "$work/data" 2>&1 < /dev/null)
  code=$?
  if [ $code != 1 ] || [ "$(printf '%s\n' "$said" | wc -l)" != 1 ] || [[ "$said" != *"$words"* ]]; then
    printf 'to be said: %s\nended with %s: %s\n' "$words" "$code" "$said" >&2
    exit 1
  fi
}

says "neither DISPLAY nor WAYLAND_DISPLAY is set" "$1/causerie"
says "none answers at DISPLAY=:59077" env DISPLAY=:59077 "$1/causerie"
says "none answers at DISPLAY=127.0.0.1:77" env DISPLAY=127.0.0.1:77 "$1/causerie"
says "none answers at WAYLAND_DISPLAY=/nowhere" env WAYLAND_DISPLAY=/nowhere "$1/causerie"

# A library that can't be loaded: an empty file is in its place, for this program alone.
if ! unshare --map-root-user --mount true 2> /dev/null; then
  echo "SKIPPED: the part about libraries, as this system lets nobody have mounts of their own"
  exit 0
fi
x_up || exit 1
mkdir "$work/libraries"
for library in libX11-xcb.so.1:libx11-xcb1 libXcursor.so.1:libxcursor1 libXi.so.6:libxi6 \
  libxkbcommon-x11.so.0:libxkbcommon-x11-0; do
  name=${library%:*}
  : > "$work/libraries/$name"
  says "${name} is missing. On Debian or Ubuntu: sudo apt install ${library#*:}" \
    unshare --map-root-user --mount bash -c 'mount --bind "$1" "$2" && exec "$3" "${@:4}"' _ \
    "$work/libraries/$name" "$(ldconfig -p | awk -v name="$name" '$1 == name { print $NF; exit }')" "$1/causerie"
done
