//! The vault's count: what was said before the end is still said after it.

use super::lab::Lab;
use crate::Epoch;

#[tokio::test]
async fn the_count_goes_on_in_steps_and_outlives_a_restart() {
    let mut lab = Lab::new().await;
    let name = lab.store.epoch().await.unwrap().name;
    assert_eq!(lab.store.epoch().await, Ok(Epoch { name: name.clone(), current: 0, intent: None }));
    lab.store.intend_epoch(1).await.unwrap();
    lab.restart();
    // Wherever it ended meanwhile, the keyring has one of the two.
    assert_eq!(lab.store.epoch().await, Ok(Epoch { name: name.clone(), current: 0, intent: Some(1) }));
    lab.store.set_epoch(1).await.unwrap();
    lab.restart();
    assert_eq!(lab.store.epoch().await, Ok(Epoch { name: name.clone(), current: 1, intent: None }));
    lab.store.intend_epoch(2).await.unwrap();
    lab.store.intend_epoch(2).await.unwrap();
    assert_eq!(lab.store.epoch().await, Ok(Epoch { name: name.clone(), current: 1, intent: Some(2) }));
    lab.store.set_epoch(2).await.unwrap();
    lab.store.set_epoch(2).await.unwrap();
    assert_eq!(lab.store.epoch().await, Ok(Epoch { name: name.clone(), current: 2, intent: None }));
}

#[tokio::test]
async fn any_number_can_be_kept() {
    let mut lab = Lab::new().await;
    let name = lab.store.epoch().await.unwrap().name;
    for number in [u64::MAX, 1 << 63, i64::MAX as u64, 0] {
        lab.store.set_epoch(number).await.unwrap();
        lab.store.intend_epoch(number).await.unwrap();
        lab.restart();
        assert_eq!(
            lab.store.epoch().await,
            Ok(Epoch { name: name.clone(), current: number, intent: Some(number) })
        );
    }
}

#[tokio::test]
async fn a_copy_has_counted_less_than_what_went_on() {
    let lab = Lab::new().await;
    let name = lab.store.epoch().await.unwrap().name;
    assert_eq!(name.len(), 32);
    assert_ne!(name, Lab::new().await.store.epoch().await.unwrap().name);
    lab.store.set_epoch(7).await.unwrap();
    lab.store.flush().await.unwrap();
    let copy = tempfile::tempdir().unwrap();
    std::fs::copy(lab.folder.path().join("causerie.db"), copy.path().join("causerie.db")).unwrap();
    lab.store.intend_epoch(8).await.unwrap();
    lab.store.set_epoch(8).await.unwrap();
    let (store, _reader) = crate::Store::open(copy.path(), crate::Options::default()).unwrap();
    assert_eq!(store.epoch().await, Ok(Epoch { name: name.clone(), current: 7, intent: None }));
}

#[tokio::test]
async fn who_was_a_copy_goes_on_under_another_name() {
    let mut lab = Lab::new().await;
    let before = lab.store.epoch().await.unwrap();
    lab.store.set_epoch(7).await.unwrap();
    let renamed = lab.store.rename_vault().await.unwrap();
    assert_ne!(renamed.name, before.name);
    lab.restart();
    assert_eq!(lab.store.epoch().await, Ok(Epoch { name: renamed.name, current: 0, intent: None }));
}
