#!/usr/bin/env bash
# Somebody without an account starts the program, creates one, adds a contact, and writes the first message: with ejabberd as chapril.org
# has it and with Prosody, in English and French, by the keyboard alone and by the mouse alone.
# Usage: newcomer.sh FOLDER-OF-PROGRAMS [FOLDER-FOR-PICTURES]
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/scripts/desktop.sh
. "$here/../scripts/desktop.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pictures=$(mkdir -p "${2:-$1/../gui-pictures}" && cd "${2:-$1/../gui-pictures}" && pwd)

# play BINARIES SERVER WAY LANGUAGE: on a desktop and a stage of its own.
play() (
  trap 'desktop_down' EXIT
  trap 'exit 1' TERM
  x_up && bus_up "$work/$2-$3" unlocked && stage_up "$1" --newcomers "$2" && dns_up $STAGE_DNS || exit 1
  CAUSERIE_EXTRA_CA=$STAGE_CA LANGUAGE=$4 LANG=C.UTF-8 LC_ALL=C.UTF-8 \
    /usr/bin/python3 "$here/newcomer.py" "$1" "$work/data-$2-$3" "$pictures" "$3" "$4"
)

# What is to be read for the mouse takes its time: two at once.
for plays in "ejabberd keyboard fr:prosody mouse fr" "prosody keyboard en:ejabberd mouse en"; do
  play "$1" ${plays#*:} &
  other=$!
  play "$1" ${plays%:*}
  result=$?
  wait $other && [ $result = 0 ] || exit 1
done
