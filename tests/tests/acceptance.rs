//! The whole client without a window, against real servers, each from nothing: `drive` is started as anybody would
//! start it, and what it says is compared with what the server has seen.
//!
//! `registration` an account from nothing · `sign_in` passwords and certificates · `contacts` adding, accepting, presence ·
//! `messages` in order, once, in both databases · `delivery` never lost, doubled or in another order · `catching_up` long absences, what
//! was read elsewhere, what is not to be sent · `outages` servers that die and come back, and none at all · `modern` a server of today ·
//! `accounts` several at once · `load` large and many · `slow_lines` `people` our profile, password, moving, invitations, lists · `hostile` servers and
//! contacts with bad intentions, `impostors` who say that they are somebody else · `lies` about devices · `crashes` with a commit under
//! way, and disks that fail · `faults` at every commit · `privacy` what is logged · `proxies` past which nothing goes · `encryption` among
//! ourselves, `rooms` where several are, `annotations` what is said of messages, `interop` with a program that is not ours. In all of them the `watch` looks at what
//! the server has seen.

mod acceptance {
    mod accounts;
    mod annotations;
    mod catching_up;
    mod contacts;
    mod crashes;
    mod delivery;
    mod encryption;
    mod faults;
    mod hostile;
    mod impostors;
    mod interop;
    mod lies;
    mod load;
    mod messages;
    mod modern;
    mod outages;
    mod people;
    mod privacy;
    mod proxies;
    mod registration;
    mod rooms;
    mod scene;
    mod sign_in;
    mod slow_lines;
    mod storm;
    mod watch;
}
