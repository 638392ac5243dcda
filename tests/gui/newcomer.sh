#!/usr/bin/env bash
# Somebody without an account starts the program, creates one, adds a contact, and writes the first message: with ejabberd as chapril.org
# has it and with Prosody, in English and French, by the keyboard alone and by the mouse alone.
# Usage: newcomer.sh FOLDER-OF-PROGRAMS [FOLDER-FOR-PICTURES]
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/scripts/desktop.sh
. "$here/../scripts/desktop.sh"
work=$(mktemp -d)
trap 'desktop_down; rm -rf "$work"' EXIT
pictures=$(mkdir -p "${2:-$1/../gui-pictures}" && cd "${2:-$1/../gui-pictures}" && pwd)
home=$HOME
for play in "ejabberd keyboard fr" "ejabberd mouse en" "prosody keyboard en" "prosody mouse fr"; do
  read -r server by language <<< "$play"
  (
    trap 'desktop_down' EXIT
    export HOME=$home
    x_up && bus_up "$work/$server-$by" unlocked && stage_up "$1" --newcomers "$server" &&
      dns_up $STAGE_DNS || exit 1
    CAUSERIE_EXTRA_CA=$STAGE_CA LANGUAGE=$language LANG=C.UTF-8 LC_ALL=C.UTF-8 \
      /usr/bin/python3 "$here/newcomer.py" "$1" "$work/data-$server-$by" "$pictures" "$by" "$language"
  ) || exit 1
done
