#!/usr/bin/env bash
# Other ways to an account than a form: an invitation (pasted, opened, photographed, dropped onto the window), another provider than those
# that take nobody, a page of the web; these by keyboard alone and by mouse alone. Each leads to a first message that is encrypted.
# Usage: other_doors.sh FOLDER-OF-PROGRAMS [FOLDER-FOR-PICTURES]
# With CAUSERIE_GUI_ALL=1 each door is passed by keyboard and by mouse, in French and in English, which takes four times as long; nothing can
# be dropped by keyboard.
# shellcheck source=tests/scripts/desktop.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/desktop.sh"
begin "$@"
home=$HOME
all=${CAUSERIE_GUI_ALL:-}

# door BINARIES SERVERS PLAY…: the plays, each "DOOR WAY LANGUAGE", on one desktop with one set of servers.
door() (
  trap 'desktop_down' EXIT
  export HOME=$home
  trap 'exit 1' TERM
  x_up && bus_up "$(mktemp -d "$work/$2-XXXX")" unlocked && stage_up "$1" --newcomers "$2" && dns_up $STAGE_DNS || exit 1
  binaries=$1 number=0 result=0
  shift 2
  for play in "$@"; do
    read -r door by language <<< "$play"
    CAUSERIE_EXTRA_CA=$STAGE_CA LANGUAGE=$language LANG=C.UTF-8 LC_ALL=C.UTF-8 /usr/bin/python3 "$here/other_doors.py" \
      "$binaries" "$work/data-$door-$by-$language" "$pictures" "$door" "$by" "$language" "$number" || {
      echo "FAILED: $door, $by, $language"
      result=1
    }
    number=$((number + 1))
    # What is known of one fault is enough, unless all is to be known.
    [ $result = 0 ] || [ "$all" ] || exit 1
  done
  exit $result
)

# doors BINARIES GROUP…: each "SERVERS: PLAY, PLAY…".
doors() {
  local binaries=$1 result=0 group plays
  shift
  for group in "$@"; do
    IFS=, read -ra plays <<< "${group#*:}"
    door "$binaries" "${group%%:*}" "${plays[@]}" || result=1
    [ $result = 0 ] || [ "$all" ] || return 1
  done
  return $result
}

if [ "$all" ]; then
  one=("elsewhere: elsewhere mouse fr, elsewhere mouse en"
    "web: web keyboard en, web mouse fr, web keyboard fr, web mouse en"
    "invited: opened keyboard fr, opened mouse en, opened keyboard en, opened mouse fr")
  two=("invited: pasted mouse en, pasted keyboard fr, pasted mouse fr, pasted keyboard en"
    "invited: photographed keyboard en, photographed mouse fr, photographed keyboard fr, photographed mouse en"
    "invited: dropped mouse fr, dropped mouse en"
    "elsewhere: elsewhere keyboard en, elsewhere keyboard fr")
else
  one=("elsewhere: elsewhere mouse fr" "web: web keyboard en, web mouse fr")
  two=("invited: pasted mouse en, opened keyboard fr, photographed keyboard en, dropped mouse fr" "elsewhere: elsewhere keyboard en")
fi
# What is to be read for the mouse takes its time: two at once.
doors "$1" "${one[@]}" &
other=$!
doors "$1" "${two[@]}"
result=$?
wait $other && exit $result
