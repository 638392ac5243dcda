//! Strangers who are forgotten leave their messages, and what a person has decided about them.

use causerie_model::{
    BareJid, Body, Change, DeviceId, Fingerprint, NewMessage, OmemoVersion, Protection, SessionName, Trust,
};

use super::lab::{Lab, at, bob, change, incoming, jid, outgoing};

fn device() -> DeviceId {
    DeviceId::new(7).unwrap()
}

/// All that comes with a message of somebody new.
fn first_message(from: &BareJid, trust: Trust) -> Vec<Change> {
    let name = SessionName { jid: from.clone(), device: device(), version: OmemoVersion::Omemo2 };
    let mut fingerprint = [0; 32];
    from.as_str().bytes().zip(&mut fingerprint).for_each(|(byte, to)| *to = byte);
    let (jid, fingerprint) = (from.clone(), Fingerprint(fingerprint));
    let message = NewMessage {
        peer: from.clone(),
        protection: Protection::Encrypted(None),
        ..incoming("i", &format!("text of {from}"), 1)
    };
    vec![
        change(message),
        Change::SessionSet { with: name, sealed: vec![1; 100] },
        Change::KeySeen { jid: jid.clone(), device: device(), fingerprint, trust, at: at(1) },
        Change::DevicesListed { jid, version: OmemoVersion::Omemo2, devices: vec![(device(), None)] },
    ]
}

#[tokio::test]
async fn rows_stay_few_and_texts_stay_readable() {
    const STRANGERS: usize = 5_000;
    const KEPT: usize = 2_000;
    let lab = Lab::new().await;
    lab.commit(first_message(&bob(), Trust::Blind)).await;
    let stranger = |n: usize| jid(&format!("stranger{n}@x.test"));
    for first in (0..STRANGERS).step_by(100) {
        let each = (first..first + 100).flat_map(|n| {
            let forgotten = n.checked_sub(KEPT).map(|gone| Change::StrangerForgotten(stranger(gone)));
            first_message(&stranger(n), Trust::Blind).into_iter().chain(forgotten)
        });
        lab.commit(each.collect()).await;
    }
    let restored = lab.store.restore(lab.account).await.unwrap().encryption;
    assert_eq!(restored.sessions.len(), KEPT + 1);
    assert_eq!((restored.keys.len(), restored.lists.len()), (KEPT + 1, KEPT + 1));
    assert!(restored.sessions.iter().any(|(name, _)| name.jid == bob()));
    for n in [0, STRANGERS / 2, STRANGERS - 1] {
        let page = lab.reader.page(lab.account, &stranger(n), None, 9).unwrap();
        assert_eq!(page[0].body, Body::Text(format!("text of {}", stranger(n))));
        assert_eq!(lab.search(&format!("stranger{n} ")).len(), 1);
    }
}

#[tokio::test]
async fn what_a_person_has_decided_is_not_forgotten() {
    let lab = Lab::new().await;
    for trust in [Trust::Undecided, Trust::Blind, Trust::Verified, Trust::Distrusted] {
        let whose = jid(&format!("{trust:?}@x.test"));
        lab.commit(first_message(&whose, trust)).await;
        lab.commit(vec![Change::StrangerForgotten(whose)]).await;
    }
    let restored = lab.store.restore(lab.account).await.unwrap().encryption;
    assert_eq!((restored.sessions.len(), restored.lists.len()), (0, 0));
    let left: Vec<Trust> = restored.keys.iter().map(|(.., trust, _)| *trust).collect();
    assert_eq!(left, [Trust::Distrusted, Trust::Verified]);
}

#[tokio::test]
async fn whom_a_person_has_written_to_is_told() {
    let lab = Lab::new().await;
    lab.commit(vec![change(incoming("i", "text", 1))]).await;
    let partners = async || lab.store.restore(lab.account).await.unwrap().encryption.partners;
    assert_eq!(partners().await, []);
    lab.commit(vec![change(outgoing("o", "text", 2))]).await;
    assert_eq!(partners().await, [bob()]);
}

#[tokio::test]
async fn one_session_and_one_key_are_forgotten_and_no_decision() {
    let lab = Lab::new().await;
    for trust in [Trust::Undecided, Trust::Blind, Trust::Verified, Trust::Distrusted] {
        let whose = jid(&format!("{trust:?}@x.test"));
        lab.commit(first_message(&whose, trust)).await;
        let restored = lab.store.restore(lab.account).await.unwrap().encryption;
        let (name, _) = restored.sessions.iter().find(|(name, _)| name.jid == whose).unwrap().clone();
        let fingerprint = restored.keys.iter().find(|key| key.0 == whose).unwrap().2;
        let other = SessionName { device: DeviceId::new(name.device.get() + 1).unwrap(), ..name.clone() };
        let set = Change::SessionSet { with: other, sealed: Vec::new() };
        let gone = Change::KeyForgotten { jid: whose.clone(), fingerprint };
        lab.commit(vec![set, Change::SessionForgotten(name), gone]).await;
    }
    let restored = lab.store.restore(lab.account).await.unwrap().encryption;
    assert_eq!(restored.sessions.len(), 4, "the other one of each");
    let left: Vec<Trust> = restored.keys.iter().map(|(.., trust, _)| *trust).collect();
    assert_eq!(left, [Trust::Distrusted, Trust::Verified]);
}
