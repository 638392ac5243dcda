//! The command line, and what it says of itself.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What `--help` prints.
pub(crate) const HELP: &str = r#"drive: the whole of Causerie without a window

Usage: drive [--data-dir PATH] [--log FILE] [--forget]

  --data-dir PATH   where accounts and history are kept; without it in a temporary folder that is gone at the end
  --log FILE        write everything that is logged, at level TRACE, to the end of this file
  --forget          keep the last hundred events for who waits for them, and not all
  --help            show this and leave

It reads commands from standard input and writes answers and events to standard output: one JSON object a line, in
UTF-8. Each command gets exactly one answer, in order. The end of the input is a `quit`.

COMMANDS: {"do": NAME, ...}. Fields in [ ] may be left out. `account` is the bare address of one of our accounts and may be
left out where there is only one. `tag`, if given, comes back in the answer.

  sign_in        jid [password] [server] [ca_file] [proxy]   add the account if it is new, and connect. server: host:port
                                            in place of what DNS says; ca_file: PEM file of one more authority; proxy:
                                            socks5://user:password@host:port or http://…, past which nothing goes
  allow_plain    [account]                  let the password be sent as it is, inside TLS
  allow_weaker   [account]                  sign in less safely than the server once could
  sign_out       [account]                  say goodbye and stay offline
  reconnect      [account]                  go online, at once
  network        [account]                  the network has changed
  look           [account] away             whether somebody looks
  send           to body [account]          answer: message, what the message is called
  retry          to message [account]       send a failed message again
  answer         to of body [account]       send a message that answers another; of is what that is called
  correct        to of body [account]       say what a message of ours was meant to be. answer of this and the next two:
                                            message, what that is called
  retract        to of [account]            delete a message of ours for everyone
  react          to of with [account]       with: a list of emoji; none takes all away
  cancel         to message [account]       do not send a message that waits
  chat_state     to state [account]         active, composing, paused, inactive, gone
  mark_read      peer [up_to] [account]     up to that id, else everything
  fetch_older    peer [account]             what the provider keeps from before the oldest that is here
  stop_catch_up, start_catch_up [account]   leave what was missed for later, or fetch it now
  join_room      room nick [account]        enter a room, and again at each sign-in; told by `room`
  leave_room     room [account]
  send_room      room body [account]        answer: message, what the message is called
  privacy        peer privacy [account]     encrypted or clear: what messages to somebody are to be from now on
  look_up        peer [account]             learn what is needed to encrypt for somebody; told by `readiness`
  keys           jid [account]              answer: keys, of somebody's devices or of our own
  trust          jid key trust [account]    undecided, blind, verified, distrusted
  repair         jid [account]              begin anew with all devices of somebody
  remove_device  device [account]           take one of our own devices off our list
  draft          peer text [account]
  add_contact    jid [name] [groups] [preauth] [account]   preauth: the token of an invitation that was got
  add_contacts   contacts [moved_from] [account]   one a second; each is {jid [name] [groups]}; told by `adding`. moved_from:
                                            our old address, which they are told (XEP-0283)
  stop_adding    [account]                  none of those that wait
  edit_contact   jid [name] [groups] [account]
  remove_contact jid [account]
  accept, decline, block, unblock   jid [account]
  set_presence   [show] [status] [priority] [account]   show: available, chat, away, extended_away, do_not_disturb
  publish_name   [name] [account]           our own name; without one, none
  publish_picture [file] [account]          our own picture, a PNG of at most 100 KiB; without one, none
  change_password password [account]        told by `password_changed` or a notice
  delete_account [account]                  on the server, for good; told by `account_deleted` or a notice
  set_server     [server] [account]         host:port in place of what DNS says, or none; connects anew
  announce_move  [to] [account]             say at the old account where we are now; without `to`, take it back
  look_up_invitations [account]             told by `invitations`
  invite         [to_account] [name] [account]   to_account: true asks for an account on the server; told by `invitation`
  colour         [colour] [account]         blue, teal, green, amber, orange, red, pink, violet; without one, none
  arrange        jids                       put the accounts into this order
  remove         [account]                  end the account and remove what is kept of it here
  account        [account]                  answer: jid name picture server colour moved_to
  export         [account]                  answer: text, the contacts as CSV
  import         text                       answer: contacts, unread (lines that are none); adds nobody
  disk           [mood] [from] [times]      what becomes of commits: works, holds (until the next plan), full, read_only,
                                            fails, crashes_before, crashes_after; from which one on (the next is 1), and of how
                                            many. answer: commits, how many were asked for since the last plan
  accounts                                  answer: accounts, in their order
  contacts       [account]                  answer: contacts, with the presence that is known
  requests       [account]                  answer: requests
  conversations  [account]                  answer: conversations
  page           peer [before] [limit] [account]   answer: messages in reading order, at most limit (50), older than
                                            the message whose id is `before`
  count          peer [account]             answer: count of messages
  sleep          seconds                    as if the machine had slept: the wall's clock is moved, its own is not
  waiting        [account]                  answer: count of our messages that the server has not taken yet
  search         words [peer] [account] [limit]    answer: messages, the last that arrived first
  register_probe domain [server] [ca_file] [invitation] [language]   learn whether a provider takes new accounts. What is in
                                            [ ] begins anew; later commands can leave it out
  register_form  domain [server] [ca_file] [invitation] [language]   fetch a form
  register_submit domain form name password [answers]   send a form; answers: an object of fields' names and their
                                            values, a text or a list of texts each
  register_cancel, register_end   domain    give up what is being done; say goodbye
  wait           for [seconds]              answer: event, the first one not yet waited for that has all fields of the
                                            object `for` with the same values; fails after so many seconds (30)
  quit                                      say goodbye everywhere and leave

ANSWERS: {"answer": NAME, "ok": true, ...} or {"answer": NAME, "ok": false, "fault": TEXT or PROBLEM, ...}

EVENTS: {"event": NAME, "account": ADDRESS, ...}

  ready          version accounts           the first line
  connection     state                      offline, connecting, signing_in, online, waiting (problem, retry_in_ms),
                                            stopped (problem)
  account, roster, requests                 something in them has changed
  contact        jid                        one contact has changed
  conversation   peer                       its messages, counts or draft have changed
  message        peer id direction text at state [message]   a new message; text is null if it could not be read
  state          peer message state [problem]   one of the messages sent from here: pending, sent, failed
  read           peer                       everything in it was read
  presence       jid show status            show: offline, available, chat, away, extended_away, do_not_disturb
  presences_forgotten                       every presence that was known is void
  chat_state     jid state
  keys           jid                        devices, keys or decisions of somebody have changed
  readiness      peer readiness             unknown, looking, ready, no_keys, out_of_reach, undecided, distrusted,
                                            unavailable
  repair         jid repair                 waiting, begun, done, failed
  room           room state [nick] [why]    joining, joined (nick), waiting (why), out (why), left
  storage        [works] [problem] unkept   the disk takes nothing for now (problem), or does again (works); unkept:
                                            something of the person's waits for it
  notice         notice [jid] [problem]     plain_only, contact_not_added, contact_not_changed, unreadable, not_stored,
                                            key_replaced, keys_renewed, keys_used_elsewhere, keys_not_published,
                                            profile_not_published, password_not_changed, password_uncertain,
                                            account_not_deleted, move_not_announced, invitation_not_made
  registration_stage     domain stage       idle, connecting, asking, submitting
  registration_offered   domain open invitations
  registration_form      domain form title instructions fields valid_for_s web_page   a field: name label hint kind
                                            purpose (puzzle, email, other) required values options picture; a picture:
                                            type base64, which is empty where the picture is lost
  registration_created   domain jid
  registration_refused   domain reason words [wait_s] [web_page] [problem]   a reason is a name of RefusalReason from
                                            crates/model/src/registration.rs in small letters (name_taken)
  registration_ended     domain
  profile        part                       our name or picture is published
  password_changed, account_deleted         the server has done it
  invitations    contact to_account         which ones the server gives
  invitation     kind issuer uri landing expires   kind: contact, account; issuer: server, this_device
  invitation_used jid                       somebody showed a token of ours and was let in
  adding         done failed waiting        how far `add_contacts` has got
  disk           commit [changes] [problem] held, refused, crashed; changes: of which kinds
  ended                                     the account's part of the program has ended

A problem is a name from crates/model/src/problem.rs in small letters (wrong_password, connection_refused); for
certificates `fault` comes with it (expired, wrong_name, ...).

Passwords are only ever read from standard input.
"#;

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// Drive.
    Run(Arguments),
    /// Show the help.
    Help,
    /// Say what is wrong.
    Wrong(String),
}

/// How to drive.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// Where everything is kept.
    pub(crate) data_dir: Option<PathBuf>,
    /// Where to write the log.
    pub(crate) log: Option<PathBuf>,
    /// Whether only the last events are kept for who waits for them.
    pub(crate) forget: bool,
}

/// Reads the command line, without the program's name.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Request {
    let mut parsed = Arguments::default();
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let place = match argument.to_string_lossy().as_ref() {
            "--help" | "-h" => return Request::Help,
            "--data-dir" => &mut parsed.data_dir,
            "--log" => &mut parsed.log,
            "--forget" => {
                parsed.forget = true;
                continue;
            }
            other => return Request::Wrong(format!("what is {}? See --help", other.escape_debug())),
        };
        match arguments.next().filter(|path| !path.is_empty()) {
            Some(path) => *place = Some(path.into()),
            None => return Request::Wrong(format!("{} needs a path", argument.to_string_lossy())),
        }
    }
    Request::Run(parsed)
}

/// Has everything that is logged written to the end of the file.
pub(crate) fn write_log(file: Option<&Path>) -> io::Result<()> {
    let Some(file) = file else { return Ok(()) };
    let file = OpenOptions::new().create(true).append(true).open(file)?;
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .try_init()
        .map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line() {
        let parsed = |line: &[&str]| parse(line.iter().map(OsString::from));
        let expected = Arguments { data_dir: Some("/tmp/x".into()), log: None, forget: false };
        assert_eq!(parsed(&["--data-dir", "/tmp/x"]), Request::Run(expected));
        let expected = Arguments { forget: true, ..Arguments::default() };
        assert_eq!(parsed(&["--forget"]), Request::Run(expected));
        assert_eq!(parsed(&["--data-dir", "/tmp/x", "-h"]), Request::Help);
        assert!(matches!(parsed(&["--password", "x"]), Request::Wrong(_)));
        assert!(matches!(parsed(&["--log"]), Request::Wrong(_)));
    }
}
