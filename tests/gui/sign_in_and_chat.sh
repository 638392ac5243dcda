#!/usr/bin/env bash
# A person signs in, adds a contact, writes, is answered, shows a key to a scanner, closes the window, and finds everything again.
# Usage: sign_in_and_chat.sh FOLDER-OF-PROGRAMS [FOLDER-FOR-PICTURES]
# shellcheck source=tests/scripts/desktop.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/desktop.sh"
begin "$@"
x_up && bus_up "$work/home" unlocked && stage_up "$1" --silent || exit 1
CAUSERIE_LOG=trace CAUSERIE_EXTRA_CA=$STAGE_CA LANG=C.UTF-8 LC_ALL=C.UTF-8 /usr/bin/python3 "$here/sign_in_and_chat.py" "$1" "$work/data" "$pictures"
