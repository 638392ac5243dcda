//! How far the archive was read is known, whatever of it had come by itself before.

use super::lab::Lab;
use super::{ALICE, BOB};

#[test]
fn the_mark_passes_what_was_read_before_the_archive_lists_it() {
    let mut lab = Lab::new();
    (lab.archives, lab.apart) = (true, 10_000);
    lab.add("alice@a.example/1", &["bob@b.example"]);
    lab.add("bob@b.example/1", &["alice@a.example"]);
    for number in 0..20 {
        // What the archive calls it is not told with it: it is listed once more.
        lab.send(ALICE, "bob@b.example", &format!("message {number}"));
    }
    assert_eq!(lab.received(BOB).len(), 20);
    lab.disconnect(BOB);
    lab.connect(BOB);
    let mark = lab.devices[BOB].ledger.archive.clone().unwrap();
    assert!(!mark.id.is_empty(), "{mark:?}");
    assert_eq!(lab.received(BOB).len(), 20);
}
