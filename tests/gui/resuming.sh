#!/usr/bin/env bash
# The program is killed on the way to an account: after the name was typed, and when the account is there and the program does not know
# it, or can't sign in yet. What was typed is there at the next start, and nobody registers twice. With ejabberd as chapril.org has it.
# Usage: resuming.sh FOLDER-OF-PROGRAMS [FOLDER-FOR-PICTURES]
# shellcheck source=tests/scripts/desktop.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/desktop.sh"
begin "$@"

# act NAME LANGUAGE: an act on a desktop and a stage of its own.
act() (
  trap 'desktop_down' EXIT
  trap 'exit 1' TERM
  x_up && bus_up "$work/$2" unlocked && stage_up "$1" --newcomers ejabberd || exit 1
  CAUSERIE_EXTRA_CA=$STAGE_CA LANGUAGE=$3 LANG=C.UTF-8 LC_ALL=C.UTF-8 \
    /usr/bin/python3 "$here/resuming.py" "$1" "$work/data-$2" "$pictures" "$2" "$3"
)

act "$1" alone fr &
other=$!
act "$1" unanswered en
result=$?
wait $other && exit $result
