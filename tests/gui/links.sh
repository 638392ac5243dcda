#!/usr/bin/env bash
# Links that the desktop opens with the program, by its entry for xmpp: they start it or come into its window, and nothing is sent before
# a person says so.
# Usage: links.sh FOLDER-OF-PROGRAMS [FOLDER-FOR-PICTURES]
# shellcheck source=tests/scripts/desktop.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/desktop.sh"
begin "$@"
x_up && bus_up "$work/home" unlocked && stage_up "$1" --newcomers invited && dns_up $STAGE_DNS || exit 1
CAUSERIE_EXTRA_CA=$STAGE_CA LANGUAGE=en LANG=C.UTF-8 LC_ALL=C.UTF-8 \
  /usr/bin/python3 "$here/links.py" "$1" "$pictures" en
