#!/usr/bin/env bash
# Everything that can go wrong on the way to an account, on purpose: what is said, that nothing typed is lost, that nothing is fetched or
# opened. With ejabberd as chapril.org has it (puzzles), and with servers that are played (everything else).
# Usage: failures.sh FOLDER-OF-PROGRAMS [FOLDER-FOR-PICTURES]
# shellcheck source=tests/scripts/desktop.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/desktop.sh"
begin "$@"
waiting=
trap '[ "$waiting" ] && kill "$waiting" 2> /dev/null; wait; desktop_down; rm -rf "$work"' EXIT
home=$HOME

# act NAME LANGUAGE STAGE…: an act on a desktop and a stage of its own.
act() (
  trap 'desktop_down' EXIT
  trap 'exit 1' TERM
  export HOME=$home
  binaries=$1 name=$2 language=$3
  shift 3
  x_up && bus_up "$work/$name-$language" unlocked && stage_up "$binaries" "$@" && dns_up $STAGE_DNS || exit 1
  CAUSERIE_EXTRA_CA=$STAGE_CA LANGUAGE=$language LANG=C.UTF-8 LC_ALL=C.UTF-8 \
    /usr/bin/python3 "$here/failures.py" "$binaries" "$work/data-$name-$language" "$pictures" "$name" "$language"
)

# A puzzle is good for two minutes: meanwhile the others play.
act "$1" puzzles fr --newcomers ejabberd &
waiting=$!
act "$1" played en fail || exit 1
act "$1" played fr fail || exit 1
wait "$waiting"
result=$?
waiting=
exit $result
