//! The whole client without a window, against real servers, each from nothing: `drive` is started as anybody would
//! start it, and what it says is compared with what the server has seen.
//!
//! `registration` an account from nothing · `sign_in` passwords and certificates · `contacts` adding, accepting, presence ·
//! `messages` in order, once, in both databases · `delivery` never lost, doubled or in another order · `outages` servers that die
//! and come back, and none at all · `accounts` several at once · `load` large and many · `people` our profile, password, moving,
//! invitations, lists · `storm` all of that at once · `hostile` servers and contacts with bad intentions · `privacy` what is logged · `encryption` among
//! ourselves, `interop` with a program that is not ours; in both the `watch` looks at what the server has seen.

mod acceptance {
    mod accounts;
    mod contacts;
    mod delivery;
    mod encryption;
    mod hostile;
    mod interop;
    mod load;
    mod messages;
    mod outages;
    mod people;
    mod privacy;
    mod registration;
    mod scene;
    mod sign_in;
    mod storm;
    mod watch;
}
