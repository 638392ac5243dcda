# Read by the scripts that open a window: a private X server, a private session bus with a keyring, a private home.
# shellcheck shell=bash

SCRIPTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
DESKTOP_PIDS=()

# begin FOLDER-OF-PROGRAMS [FOLDER-FOR-PICTURES]: what each script with a window begins with. Sets here, the script's own folder, work, a
# folder that goes when it ends, as does all that is started by the functions below, and pictures, the folder for these.
# shellcheck disable=SC2034
begin() {
  set -u
  here=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)
  work=$(mktemp -d)
  trap 'desktop_down; rm -rf "$work"' EXIT
  pictures=$(mkdir -p "${2:-$1/../gui-pictures}" && cd "${2:-$1/../gui-pictures}" && pwd)
}

# desktop_down: ends what the functions here have started. To be called by the script's trap.
desktop_down() {
  local pid
  if [ "${STAGE_INPUT:-}" ]; then
    # The end of its input is its sign to tidy up.
    exec {STAGE_INPUT}>&-
    STAGE_INPUT=
    wait "$STAGE_RUNS" 2> /dev/null
  fi
  for pid in "${DESKTOP_PIDS[@]}"; do kill "$pid" 2> /dev/null; done
  for pid in "${DESKTOP_PIDS[@]}"; do wait "$pid" 2> /dev/null; done
  DESKTOP_PIDS=()
}

# x_up [GEOMETRY]: an X server on a free display, and a window manager (without one nothing gets the focus). Sets DISPLAY.
x_up() {
  # Two that begin at once may come upon the same display: one of them looks for another.
  x_try "$@" || x_try "$@" || x_try "$@" || { echo "no X server with a window manager" >&2; return 1; }
}

x_try() {
  local file
  file=$(mktemp)
  Xvfb -displayfd 3 -screen 0 "${1:-1280x900x24}" -nolisten tcp -ac 3> "$file" > /dev/null 2>&1 &
  local xvfb=$!
  DESKTOP_PIDS+=("$xvfb")
  until [ -s "$file" ]; do
    kill -0 $xvfb 2> /dev/null || return 1
    sleep 0.05
  done
  DISPLAY=:$(cat "$file")
  export DISPLAY
  rm -f "$file"
  unset WAYLAND_DISPLAY
  openbox > /dev/null 2>&1 &
  local openbox=$!
  DESKTOP_PIDS+=("$openbox")
  until xprop -root _NET_SUPPORTING_WM_CHECK 2> /dev/null | grep -q 'window id'; do
    kill -0 $openbox 2> /dev/null || return 1
    sleep 0.05
  done
}

# bus_up HOME [KEYRING]: a session bus on which nothing starts by itself, and an unlocked keyring; KEYRING is unlocked (the usual),
# locked or absent. Sets DBUS_SESSION_BUS_ADDRESS and, in a home of its own, HOME and the XDG folders.
bus_up() {
  export HOME=$1 XDG_CONFIG_HOME=$1/.config XDG_DATA_HOME=$1/.local/share XDG_CACHE_HOME=$1/.cache \
    XDG_STATE_HOME=$1/.local/state
  # What is on loopback is reached straight, whatever the machine does.
  unset ALL_PROXY all_proxy HTTPS_PROXY https_proxy NO_PROXY no_proxy
  mkdir -p "$HOME/run" "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_CACHE_HOME" "$XDG_STATE_HOME"
  chmod 700 "$HOME/run"
  # A Wayland display is found through the person's own folder.
  [ "${WAYLAND_DISPLAY:-}" ] || export XDG_RUNTIME_DIR=$HOME/run
  cat > "$HOME/bus.conf" << END
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><keep_umask/><listen>unix:path=$HOME/run/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
END
  dbus-daemon --config-file="$HOME/bus.conf" --nofork > "$HOME/bus.log" 2>&1 &
  local bus=$!
  DESKTOP_PIDS+=("$bus")
  until [ -S "$HOME/run/bus" ]; do
    kill -0 $bus 2> /dev/null || { cat "$HOME/bus.log" >&2; return 1; }
    sleep 0.05
  done
  export DBUS_SESSION_BUS_ADDRESS=unix:path=$HOME/run/bus
  [ "${2:-unlocked}" = absent ] && return 0
  printf test | gnome-keyring-daemon --foreground --unlock --components=secrets --control-directory="$HOME/run/keyring" \
    > "$HOME/keyring.log" 2>&1 &
  local keyring=$!
  DESKTOP_PIDS+=("$keyring")
  until secret_service > /dev/null 2>&1; do
    kill -0 $keyring 2> /dev/null || { cat "$HOME/keyring.log" >&2; return 1; }
    sleep 0.05
  done
  if [ "${2:-unlocked}" = locked ]; then
    gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
      --method org.freedesktop.Secret.Service.Lock "[objectpath '/org/freedesktop/secrets/aliases/default']" > /dev/null
  fi
}

secret_service() {
  gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets/aliases/default \
    --method org.freedesktop.DBus.Properties.Get org.freedesktop.Secret.Collection Locked
}

# stage_up BINARIES [ARGUMENTS]: a private server with people, or what else `stage` serves. Sets STAGE_ and the name of each thing that it
# tells: STAGE_JID, STAGE_PASSWORD, STAGE_SERVER, STAGE_CA, STAGE_BOB, STAGE_BOB_PASSWORD, STAGE_DOMAIN and so on.
stage_up() {
  local binaries=$1 line
  shift
  [ "${1:-}" = fail ] || set -- serve "$@"
  coproc STAGE { exec "$binaries/stage" "$@"; }
  # bash closes these files in children, which is as it should be: only we keep the stage going.
  STAGE_INPUT=${STAGE[1]} STAGE_RUNS=$STAGE_PID
  IFS= read -r -t 120 line <&"${STAGE[0]}" || { echo "the private server does not start" >&2; return 1; }
  eval "$(printf '%s' "$line" | /usr/bin/python3 -c '
import json, shlex, sys
ready = json.load(sys.stdin)
ready["ca"] = ready.pop("ca_file")
bob = ready.pop("bob", {})
ready |= {"bob": bob.get("jid"), "bob_password": bob.get("password")}
for name, value in ready.items():
    value = " ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    print(f"export STAGE_{name.upper()}={shlex.quote(value)}")')"
}

# dns_up DOMAIN=PORT[,TLS_PORT]…: a name server that knows where these domains are, and nothing else. Sets CAUSERIE_DNS.
dns_up() {
  local file
  file=$(mktemp)
  /usr/bin/python3 "$SCRIPTS/../gui/dns.py" "$@" > "$file" &
  local dns=$!
  DESKTOP_PIDS+=("$dns")
  until [ -s "$file" ]; do
    kill -0 $dns 2> /dev/null || { echo "the name server does not start" >&2; return 1; }
    sleep 0.05
  done
  CAUSERIE_DNS=$(cat "$file")
  export CAUSERIE_DNS
  rm -f "$file"
}
