#!/usr/bin/env bash
# Accounts later on: an invitation that is handed out, a contact that is passed on, a second account, the order of the two, one of them
# switched off and on, another password, a link that comes while it is typed, and one of them removed from here with its history kept.
# Usage: accounts.sh FOLDER-OF-PROGRAMS [FOLDER-FOR-PICTURES]
# shellcheck source=tests/scripts/desktop.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/desktop.sh"
begin "$@"
x_up && bus_up "$work/home" unlocked && stage_up "$1" --silent || exit 1
CAUSERIE_EXTRA_CA=$STAGE_CA LANGUAGE=fr LANG=C.UTF-8 LC_ALL=C.UTF-8 \
  /usr/bin/python3 "$here/accounts.py" "$1" "$work/data" "$pictures" fr
