#!/usr/bin/env bash
# Other ways to an account than a form: an invitation (pasted, opened, photographed, dropped onto the window), another provider than those
# that take nobody, a page of the web; these by keyboard alone and by mouse alone. Each leads to a first message that is encrypted.
# Usage: other_doors.sh FOLDER-OF-PROGRAMS [FOLDER-FOR-PICTURES]
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/scripts/desktop.sh
. "$here/../scripts/desktop.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pictures=$(mkdir -p "${2:-$1/../gui-pictures}" && cd "${2:-$1/../gui-pictures}" && pwd)
home=$HOME

# door SERVERS PLAY…: the plays, each "DOOR WAY LANGUAGE".
door() (
  trap 'desktop_down' EXIT
  export HOME=$home
  trap 'exit 1' TERM
  x_up && bus_up "$work/$2" unlocked && stage_up "$1" --newcomers "${2%-again}" && dns_up $STAGE_DNS || exit 1
  binaries=$1
  shift 2
  for play in "$@"; do
    read -r door by language <<< "$play"
    CAUSERIE_EXTRA_CA=$STAGE_CA LANGUAGE=$language LANG=C.UTF-8 LC_ALL=C.UTF-8 \
      /usr/bin/python3 "$here/other_doors.py" "$binaries" "$work/data-$door-$by" "$pictures" "$door" "$by" "$language" || exit 1
  done
)

# What is to be read for the mouse takes its time: two at once.
(
  door "$1" elsewhere "elsewhere mouse fr" && door "$1" web "web keyboard en" "web mouse fr"
) &
other=$!
(
  door "$1" invited "pasted mouse en" "opened keyboard fr" "photographed keyboard en" "dropped mouse fr"
) && door "$1" elsewhere-again "elsewhere keyboard en"
result=$?
wait $other && exit $result
