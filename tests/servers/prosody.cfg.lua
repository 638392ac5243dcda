-- A private Prosody on loopback for tests and demonstrations. What is between @ is filled in at the start.
run_as_root = true -- only matters to root: without it Prosody would change to a user of its own
pidfile = "@FOLDER@/prosody.pid"
data_path = "@FOLDER@/data"
plugin_paths = { "@PLUGINS@" }
daemonize = false
log = { { levels = { min = "info" }, to = "file", filename = "@FOLDER@/server.log" } }

interfaces = { "127.0.0.1" }
local_interfaces = { "127.0.0.1" }
c2s_ports = { @C2S@ }
c2s_direct_tls_ports = { @C2S_TLS@ }
http_ports = {}
https_ports = {}
component_ports = {}

ssl = { key = "@KEY@", certificate = "@CHAIN@" }
c2s_require_encryption = true
c2s_stanza_size_limit = 3 * 1024 * 1024
authentication = "internal_hashed"
default_storage = "internal"

-- A message that waits for its reader is kept, however many come.
storage = { archive = "sql", muc_log = "sql" }
sql = { driver = "SQLite3", database = "@FOLDER@/data/prosody.sqlite" }
sql_synchronous = "OFF"
archive_expires_after = "never"
default_archive_policy = true
max_archive_query_results = 250
mam_smart_enable = false

record_file = "@FOLDER@/seen.xml"
taken_file = "@FOLDER@/taken.txt"
device_lists_file = "@FOLDER@/device-lists.txt"

smacks_hibernation_time = 600
c2s_tcp_keepalives = true
@REGISTRATION@
-- Without this, Prosody 0.12.3 stumbles over the tokens that it has made itself.
allow_user_invites = true

modules_enabled = {
  "roster", "saslauth", "tls", "disco", "posix", "private", "vcard4", "vcard_legacy", "version", "time", "ping",
  "blocklist", "bookmarks", "carbons", "pep", "mam", "smacks", "csi", "csi_simple", "offline", "lastactivity",
  @NEWER_MODULES@
  "count_logins", "record", "device_lists", "user_account_management", @REGISTRATION_MODULES@
}
modules_disabled = { "s2s" }

VirtualHost "@DOMAIN@"

Component "rooms.@DOMAIN@" "muc"
  modules_enabled = { "muc_mam", "moderate" }
  muc_room_default_persistent = true
  muc_log_by_default = true
  muc_log_expires_after = "never"
