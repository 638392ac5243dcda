//! The vault's count: what was said before the end is still said after it, and a copy is known.

use super::lab::Lab;
use crate::open::DATABASE;
use crate::{Epoch, Options, Origin, Store};

impl Lab {
    async fn numbers(&self) -> (u64, Option<u64>) {
        let epoch = self.store.epoch().await.unwrap();
        (epoch.current, epoch.intent)
    }
}

#[tokio::test]
async fn the_count_goes_on_and_outlives_a_restart() {
    let mut lab = Lab::new().await;
    let name = lab.store.epoch().await.unwrap().name;
    assert_eq!(lab.store.epoch().await, Ok(Epoch { name: name.clone(), ..Epoch::default() }));
    assert_eq!(lab.store.count(0).await, Ok(1));
    lab.restart();
    // Wherever it ended meanwhile, the keyring has one of the two.
    assert_eq!(lab.numbers().await, (0, Some(1)));
    // Interrupted before the keyring, and after it.
    for kept in [0, 1, 2] {
        assert_eq!(lab.store.count(kept).await, Ok(kept + 1));
        lab.restart();
        assert_eq!(lab.numbers().await, (kept, Some(kept + 1)));
    }
    lab.store.set_in_keyring().await.unwrap();
    lab.restart();
    let epoch = lab.store.epoch().await.unwrap();
    assert_eq!((epoch.name, epoch.in_keyring, epoch.origin), (name, true, Origin::Same));
}

#[tokio::test]
async fn any_number_can_be_kept() {
    let mut lab = Lab::new().await;
    for number in [u64::MAX, 1 << 63, i64::MAX as u64, 0] {
        lab.store.count(number).await.unwrap();
        lab.restart();
        assert_eq!(lab.numbers().await, (number, Some(number.saturating_add(1))));
    }
}

#[tokio::test]
async fn a_copy_has_counted_less_than_what_went_on() {
    let lab = Lab::new().await;
    let name = lab.store.epoch().await.unwrap().name;
    assert_eq!(name.len(), 32);
    assert_ne!(name, Lab::new().await.store.epoch().await.unwrap().name);
    lab.store.count(7).await.unwrap();
    lab.store.flush().await.unwrap();
    let copy = tempfile::tempdir().unwrap();
    std::fs::copy(lab.folder.path().join(DATABASE), copy.path().join(DATABASE)).unwrap();
    let kept = lab.store.count(8).await.unwrap();
    let (store, _reader) = Store::open(copy.path(), Options::default()).unwrap();
    let epoch = store.epoch().await.unwrap();
    assert_eq!((&epoch.name, epoch.fits(8), epoch.fits(kept)), (&name, true, false));
    assert!(lab.store.epoch().await.unwrap().fits(kept));
}

#[tokio::test]
async fn a_copy_is_another_file_until_it_has_a_name_of_its_own() {
    let lab = Lab::new().await;
    lab.store.count(7).await.unwrap();
    lab.store.flush().await.unwrap();
    let copy = tempfile::tempdir().unwrap();
    let file = copy.path().join(DATABASE);
    std::fs::copy(lab.folder.path().join(DATABASE), &file).unwrap();
    // Some file systems don't say when a file was made.
    let expected = match std::fs::metadata(&file).unwrap().created() {
        Ok(made) if made > std::time::UNIX_EPOCH => Origin::Copied,
        _ => Origin::Same,
    };
    let (store, _reader) = Store::open(copy.path(), Options::default()).unwrap();
    assert_eq!(store.epoch().await.unwrap().origin, expected);
    // Counting alone does not make it the same.
    store.count(8).await.unwrap();
    assert_eq!(store.epoch().await.unwrap().origin, expected);
    store.rename_vault().await.unwrap();
    assert_eq!(store.epoch().await.unwrap().origin, Origin::Same);
    assert_eq!(lab.store.epoch().await.unwrap().origin, Origin::Same);
}

#[tokio::test]
async fn who_was_a_copy_goes_on_under_another_name() {
    let mut lab = Lab::new().await;
    let before = lab.store.epoch().await.unwrap();
    lab.store.count(7).await.unwrap();
    lab.store.set_in_keyring().await.unwrap();
    let renamed = lab.store.rename_vault().await.unwrap();
    assert_ne!(renamed.name, before.name);
    lab.restart();
    assert_eq!(lab.store.epoch().await, Ok(Epoch { name: renamed.name, ..Epoch::default() }));
}

/// Whoever has signed in by then, and whatever comes in between.
#[tokio::test]
async fn what_waits_in_one_that_was_a_copy_may_have_left() {
    use causerie_model::{Change, Left, MessageState, NewMessage, OriginId};

    use super::lab::{bob, change, outgoing};
    use super::rooms::{add, ours, wanted};

    let mut lab = wanted().await;
    let waiting = NewMessage { state: MessageState::Pending, ..outgoing("o1", "text", 1) };
    let waits = Change::MessageWaits { peer: bob(), id: OriginId::new("o1").unwrap() };
    lab.commit(vec![change(waiting), waits, add(ours("o2", "not yet", 11))]).await;
    for expected in [[Left::Never, Left::Never], [Left::Unknown, Left::Clear]] {
        lab.restart();
        let restored = lab.store.restore(lab.account).await.unwrap();
        assert_eq!([restored.pending[0].left, restored.said[0].left], expected);
        lab.store.rename_vault().await.unwrap();
    }
}

#[tokio::test]
async fn whoever_waits_for_keys_to_change_is_told_of_nothing_else() {
    use causerie_model::{Change, DeviceId};

    use super::lab::{change, incoming};

    let lab = Lab::new().await;
    let mut turned = lab.store.turned();
    lab.commit(vec![change(incoming("i", "text", 1))]).await;
    assert!(!turned.has_changed().unwrap());
    lab.commit(vec![Change::OwnKeysSet { device: DeviceId::new(1).unwrap(), sealed: vec![1] }]).await;
    assert!(turned.has_changed().unwrap());
    turned.mark_unchanged();
    lab.store.clone().close();
    assert!(turned.changed().await.is_err());
}
