#!/usr/bin/env bash
# The keyring is locked, or there is none: the program says so, signs in all the same, and keeps the password nowhere.
# Usage: keyring.sh FOLDER-OF-PROGRAMS [FOLDER-FOR-PICTURES]
# shellcheck source=tests/scripts/desktop.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/desktop.sh"
begin "$@"
for state in locked absent; do
  x_up && bus_up "$work/$state" $state && stage_up "$1" --silent || exit 1
  CAUSERIE_EXTRA_CA=$STAGE_CA LANG=C.UTF-8 LC_ALL=C.UTF-8 /usr/bin/python3 "$here/keyring.py" "$1" "$work/$state/data" \
    "$pictures" $state || exit 1
  desktop_down
done
