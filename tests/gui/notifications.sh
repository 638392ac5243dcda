#!/usr/bin/env bash
# Notifications as the person wants them: with the name, with name and text, or none; withdrawn when the conversation is read, and
# opening it when they are clicked.
# Usage: notifications.sh FOLDER-OF-PROGRAMS [FOLDER-FOR-PICTURES]
# shellcheck source=tests/scripts/desktop.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/desktop.sh"
begin "$@"
x_up && stage_up "$1" --crowd 3 && bus_up "$work/home" unlocked || exit 1
"$1/stage" seed --data-dir "$work/data/data" --server "$STAGE_SERVER" --contacts 3 --messages 30 || exit 1
printf %s "$STAGE_PASSWORD" |
  secret-tool store --label="Causerie: $STAGE_JID" service org.causerie.Causerie username "$STAGE_JID" || exit 1
CAUSERIE_EXTRA_CA=$STAGE_CA LANG=C.UTF-8 LC_ALL=C.UTF-8 /usr/bin/python3 "$here/notifications.py" "$1" "$work/data" "$pictures"
