# Read by the scripts of this folder's parent: where things are, what must be installed, and how steps are counted.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT" || exit 1

# Debian's names. The first line is for building, the second for running a window, the others for tests.
PACKAGES_BUILD=(gcc libc6-dev)
PACKAGES_WINDOW=(libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 xkb-data)
PACKAGES_SERVER=(prosody lua-sec lua-dbi-sqlite3)
PACKAGES_DESKTOP=(xvfb openbox xdotool x11-utils imagemagick dbus-daemon libglib2.0-bin gnome-keyring libsecret-tools
  python3 python3-dbus-next python3-xlib fonts-droid-fallback zbar-tools qrencode xclip tesseract-ocr tesseract-ocr-eng
  tesseract-ocr-fra xdg-utils poppler-utils dpkg-dev)
PACKAGES_TESTS=(ejabberd erlang-p1-sqlite3 git util-linux procps)
PACKAGES_PARTNERS=(python3 libomemo-c0 libsignal-protocol-c2.3.2)

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo > /dev/null; then sudo "$@"
  else fail "This must be done as root, and there is no sudo: $*"
  fi
}

# need_packages NAME...: installs what is missing. No server of a package starts, now or at the next start of the machine.
need_packages() {
  local missing=() name
  for name in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2> /dev/null)" = installed ] || missing+=("$name")
  done
  [ ${#missing[@]} = 0 ] && return 0
  command -v apt-get > /dev/null || fail "These packages are missing, and this is no Debian or Ubuntu: ${missing[*]}"
  say "Installing: ${missing[*]}"
  local policy=/usr/sbin/policy-rc.d made=
  if [ ! -e $policy ]; then
    # Asked by packages whether their servers may start. 101: no.
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy > /dev/null && as_root chmod 755 $policy && made=1
  fi
  as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
  local result=$?
  [ "$made" ] && as_root rm -f $policy
  local unit
  for unit in prosody ejabberd epmd; do
    case " ${missing[*]} " in *" ${unit/epmd/ejabberd} "*) ;; *) continue ;; esac
    if [ -d /run/systemd/system ]; then
      as_root systemctl disable --now "$unit.service" "$unit.socket" > /dev/null 2>&1
    fi
  done
  [ $result = 0 ] || fail "apt-get could not install: ${missing[*]}"
}

need_rust() {
  command -v cargo > /dev/null || PATH=$PATH:$HOME/.cargo/bin
  command -v cargo > /dev/null ||
    fail "Rust is missing. To get it: curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
  export PATH
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/causerie/target
  if [ -z "${CARGO_TARGET_DIR:-}" ] && [ -d "$cache" ]; then export CARGO_TARGET_DIR=$cache; fi
  TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
  # What a compiler keeps for its next run takes as much of the disk as what it builds.
  export CARGO_INCREMENTAL=${CARGO_INCREMENTAL:-0}
}

# make_partner: a Python with the packages of the partner in tests/partners, and its place in CAUSERIE_PARTNER_PYTHON.
make_partner() {
  local folder=$TARGET/partners wanted=$ROOT/tests/partners/requirements.txt
  export CAUSERIE_PARTNER_PYTHON=$folder/bin/python
  cmp -s "$wanted" "$folder/requirements.txt" && "$CAUSERIE_PARTNER_PYTHON" -c "" 2> /dev/null && return 0
  need_packages python3 python3-venv
  rm -rf "$folder" && /usr/bin/python3 -m venv "$folder" &&
    "$CAUSERIE_PARTNER_PYTHON" -m pip install --quiet --disable-pip-version-check --requirement "$wanted" &&
    cp "$wanted" "$folder/requirements.txt"
}

# make_prosody_13: a Prosody 13 beside the system's own, unpacked and not installed, and its place in CAUSERIE_PROSODY_13. Debian 12 has it
# in its backports; newer systems may have it as their own.
make_prosody_13() {
  local folder=$TARGET/prosody-13 mirror options
  export CAUSERIE_PROSODY_13=$folder
  [ -x "$folder/usr/bin/prosody" ] && return 0
  command -v apt-get > /dev/null && command -v dpkg > /dev/null || return 1
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2> /dev/null | head -1)
  [ -n "$mirror" ] || return 1
  mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror bookworm-backports main" \
    > "$folder/apt/sources.list"
  options=(-qq -o "Dir::Etc::sourcelist=$folder/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$folder/apt/lists" -o "Dir::Cache=$folder/apt/cache" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update &&
    (cd "$folder/apt" && apt-get "${options[@]}" download prosody/bookworm-backports prosody-modules/bookworm-backports) || return 1
  local package
  for package in "$folder"/apt/*.deb; do dpkg -x "$package" "$folder" || return 1; done
  rm -rf "$folder/apt"
}

need_component() { # NAME of a part of Rust, COMMAND that needs it
  cargo "$2" --version > /dev/null 2>&1 && return 0
  rustup component add "$1" || fail "The part $1 of Rust is missing: rustup component add $1"
}

PASSED=0
FAILED=0
FAULTS=()

# step NAME COMMAND...: one test.
step() {
  local name=$1
  shift
  say "── $name"
  if "$@"; then
    PASSED=$((PASSED + 1))
  else
    FAILED=$((FAILED + 1))
    FAULTS+=("$name")
    say "FAILED: $name"
  fi
}

# cargo_tests NAME ARGUMENTS...: `cargo test`, each of whose tests counts.
cargo_tests() {
  local name=$1 log status sums
  shift
  say "── $name"
  log=$(mktemp)
  cargo test "$@" 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  sums=$(awk '/^test result: /{ for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) p += $(i - 1); if ($i ~ /^failed/) f += $(i - 1) } }
    END { print p + 0, f + 0 }' "$log")
  PASSED=$((PASSED + ${sums% *}))
  FAILED=$((FAILED + ${sums#* }))
  if [ "$status" != 0 ]; then
    FAULTS+=("$name: $(sed -n 's/^test \(.*\) \.\.\. FAILED$/\1/p' "$log" | sort -u | tr '\n' ' ')")
    # It did not build, or a test program died.
    [ "${sums#* }" = 0 ] && FAILED=$((FAILED + 1))
  fi
  rm -f "$log"
}

# The last line, and the exit code.
summary() {
  local fault
  for fault in "${FAULTS[@]}"; do say "FAILED: $fault"; done
  say "$PASSED passed, $FAILED failed"
  [ $FAILED = 0 ]
}
