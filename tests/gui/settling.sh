#!/usr/bin/env bash
# A new account becomes somebody's own: a picture with where it was taken in it, of which a part is chosen and published; the sheet as PDF
# and as picture, with the password and without; a note to oneself.
# Usage: settling.sh FOLDER-OF-PROGRAMS [FOLDER-FOR-PICTURES]
# shellcheck source=tests/scripts/desktop.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/desktop.sh"
begin "$@"
x_up && bus_up "$work/home" unlocked && stage_up "$1" --newcomers invited && dns_up $STAGE_DNS || exit 1
CAUSERIE_EXTRA_CA=$STAGE_CA LANGUAGE=fr LANG=C.UTF-8 LC_ALL=C.UTF-8 \
  /usr/bin/python3 "$here/settling.py" "$1" "$work/data" "$pictures" fr
