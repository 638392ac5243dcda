#!/usr/bin/env bash
# Somebody without an account installs the program, starts it from the desktop, creates an account, adds a contact, and writes the first
# message: with ejabberd as chapril.org has it and with Prosody, in English and French, by the keyboard alone and by the mouse alone.
# Usage: newcomer.sh FOLDER-OF-PROGRAMS [FOLDER-FOR-PICTURES]
# With CAUSERIE_GUI_ALL=1 each server is played in all four ways, which takes twice as long.
# shellcheck source=tests/scripts/desktop.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/desktop.sh"
begin "$@"
archive=$("$here/../../packaging/linux/archive.sh" "$1" "$work") || exit 1

# play BINARIES SERVER WAY LANGUAGE: on a desktop and a stage of its own.
play() (
  trap 'desktop_down' EXIT
  trap 'exit 1' TERM
  x_up && bus_up "$work/$2-$3-$4" unlocked && stage_up "$1" --newcomers "$2" && dns_up $STAGE_DNS || exit 1
  CAUSERIE_EXTRA_CA=$STAGE_CA LANGUAGE=$4 LANG=C.UTF-8 LC_ALL=C.UTF-8 \
    /usr/bin/python3 "$here/newcomer.py" "$1" "$archive" "$pictures" "$3" "$4" || { echo "FAILED: $2, $3, $4"; exit 1; }
)

# What is to be read for the mouse takes its time: two at once.
pairs=("ejabberd keyboard fr:prosody mouse fr" "prosody keyboard en:ejabberd mouse en")
[ "${CAUSERIE_GUI_ALL:-}" ] && pairs+=("ejabberd keyboard en:prosody mouse en" "prosody keyboard fr:ejabberd mouse fr")
result=0
for plays in "${pairs[@]}"; do
  play "$1" ${plays#*:} &
  other=$!
  play "$1" ${plays%:*} || result=1
  wait $other || result=1
  # What is known of one fault is enough, unless all is to be known.
  [ $result = 0 ] || [ "${CAUSERIE_GUI_ALL:-}" ] || break
done
exit $result
