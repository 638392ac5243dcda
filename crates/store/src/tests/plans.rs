//! How SQLite goes about the hot queries: by an index, never through all messages, never sorting them.

use super::lab::{Lab, change, incoming};
use crate::commit::annotations as said;
use crate::commit::message::{BY_ORIGIN, BY_STANZA, HELD};
use crate::commit::rooms::annotations as in_rooms;
use crate::commit::{past, receipts, wrong_clock};
use crate::reader::{annotations, conversations, keys, messages, rooms, search};
use crate::restore;

/// The plan of each query, a line a step.
async fn plan(lab: &Lab, sql: &'static str) -> String {
    lab.store
        .run("plan", move |ledger| {
            let mut statement = ledger.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let nothing = vec![rusqlite::types::Null; statement.parameter_count()];
            let steps =
                statement.query_map(rusqlite::params_from_iter(nothing), |row| row.get::<_, String>(3))?;
            Ok(steps.collect::<Result<Vec<_>, _>>()?.join("\n"))
        })
        .await
        .unwrap()
}

async fn check_rooms(lab: &Lab) {
    check_past(lab).await;
    for (sql, wanted) in [
        (in_rooms::KNOWN, "room_annotation_origin (account=? AND room=? AND origin=?)"),
        (in_rooms::KNOWN_BY_STANZA, "room_annotation_stanza (account=? AND room=? AND stanza_id=?)"),
        (in_rooms::NEWEST, "room_annotation_"),
        (in_rooms::CORRECTED, "message_origin (conversation=? AND direction=? AND origin=?)"),
        (in_rooms::NAMED, "message_stanza (conversation=? AND direction=? AND stanza_id=? AND stanza_by=?"),
        (rooms::SAID, "room_annotation_"),
        (rooms::QUOTED, "message_stanza (conversation=? AND direction=? AND stanza_id=? AND stanza_by=?"),
        (restore::pending::IN_ROOMS, "room_annotation_pending (state=?)"),
        (restore::rooms::LAST, "message_page (conversation=?)"),
    ] {
        let plan = plan(lab, sql).await;
        assert!(plan.contains(wanted) && !plan.contains("SCAN"), "{sql}: {plan}");
    }
}

async fn check_wrong_clock(lab: &Lab) {
    for sql in [wrong_clock::LAST_SENT, wrong_clock::ACTIVE_AS_LAST] {
        let plan = plan(lab, sql).await;
        assert!(plan.contains("SEARCH message USING INDEX message_page (conversation=?)"), "{plan}");
        assert!(!plan.contains("SCAN message") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
}

async fn check_past(lab: &Lab) {
    for (sql, wanted) in [
        (past::UNREAD, "SEARCH message USING INDEX message_past (conversation=?"),
        (past::READ_HERE, "SEARCH message USING INTEGER PRIMARY KEY (rowid=?)"),
        (
            receipts::NEXT_OF_OURS,
            "SEARCH message USING INDEX message_page (conversation=? AND place>? AND place<?)",
        ),
        (receipts::TOO_EARLY, "early_word_peer (account=? AND peer=?)"),
    ] {
        let plan = plan(lab, sql).await;
        assert!(plan.contains(wanted) && !plan.contains("TEMP B-TREE"), "{sql}: {plan}");
    }
}

async fn check(lab: &Lab) {
    let page = "SEARCH message USING INDEX message_page (conversation=?";
    for (name, sql) in messages::queries() {
        let plan = plan(lab, sql).await;
        let wanted = match name {
            "last" => format!("{page})"),
            "before" => format!("{page} AND place<?)"),
            "after" => format!("{page} AND place>?)"),
            "by origin" => {
                "SEARCH message USING INDEX message_origin (conversation=? AND direction=? AND origin=?)"
                    .to_owned()
            }
            "unreached" => "SEARCH unreached USING PRIMARY KEY (message=?)".to_owned(),
            _ => "SEARCH message USING INTEGER PRIMARY KEY (rowid=?)".to_owned(),
        };
        assert!(plan.contains(&wanted), "{name}: {plan}");
        assert!(!plan.contains("SCAN message") && !plan.contains("TEMP B-TREE"), "{name}: {plan}");
    }
    for (name, sql) in search::queries() {
        let plan = plan(lab, sql).await;
        assert!(plan.starts_with("SCAN message_text VIRTUAL TABLE INDEX"), "{name}: {plan}");
        assert!(plan.contains("SEARCH message USING INTEGER PRIMARY KEY (rowid=?)"), "{name}: {plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{name}: {plan}");
    }
    for (sql, wanted) in [
        (
            BY_STANZA,
            "message_stanza (conversation=? AND direction=? AND stanza_id=? AND stanza_by=? AND <expr>=?)",
        ),
        (HELD, "message_origin (conversation=? AND direction=? AND origin=?)"),
        (BY_ORIGIN, "message_origin (conversation=? AND direction=? AND origin=?)"),
    ] {
        let plan = plan(lab, sql).await;
        assert!(plan.contains(&format!("SEARCH message USING INDEX {wanted}")), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
    check_wrong_clock(lab).await;
    let displayed = plan(lab, crate::commit::displayed::FIND).await;
    assert!(
        displayed.contains("message_stanza (conversation=? AND direction=? AND stanza_id=? AND stanza_by=?"),
        "{displayed}"
    );
    let in_turn = plan(lab, crate::commit::archive::IN_TURN).await;
    assert!(
        in_turn.contains("message_stanza (conversation=? AND direction=? AND stanza_id=? AND stanza_by=?"),
        "{in_turn}"
    );
    let unread = plan(lab, conversations::FIRST_UNREAD).await;
    assert!(
        unread.contains("SEARCH message USING COVERING INDEX message_unread (unread=? AND conversation=?)")
    );
    assert!(!unread.contains("TEMP B-TREE"), "{unread}");
    let pending = plan(lab, restore::pending::MESSAGES).await;
    assert!(pending.contains("SEARCH message USING INDEX message_pending (state=?)"), "{pending}");
    assert!(!pending.contains("TEMP B-TREE"), "{pending}");
    let waiting = plan(lab, restore::pending::ANNOTATIONS).await;
    assert!(waiting.contains("SEARCH annotation USING INDEX annotation_pending (state=?)"), "{waiting}");
    assert!(!waiting.contains("TEMP B-TREE"), "{waiting}");
    for (sql, wanted) in [
        (annotations::SAID, "SEARCH annotation USING INDEX annotation_"),
        (
            annotations::QUOTED,
            "SEARCH message USING INDEX message_origin (conversation=? AND direction=? AND origin=?)",
        ),
        (said::KNOWN, "SEARCH annotation USING INDEX annotation_origin (account=? AND peer=? AND origin=?)"),
        (said::NEWEST, "SEARCH annotation USING INDEX annotation_"),
        (
            said::TARGET,
            "SEARCH message USING INDEX message_origin (conversation=? AND direction=? AND origin=?)",
        ),
    ] {
        let plan = plan(lab, sql).await;
        assert!(plan.contains(wanted) && !plan.contains("SCAN"), "{plan}");
    }
    check_rooms(lab).await;
    let [shown, keyless, own, privacy] = keys::queries();
    let keyless = plan(lab, keyless).await;
    assert!(keyless.contains("SEARCH listed USING PRIMARY KEY (account=? AND jid=?)"), "{keyless}");
    let known = "SEARCH known USING COVERING INDEX device_key_newest (account=? AND jid=? AND device=?)";
    assert!(keyless.contains(known) && !keyless.contains("SCAN"), "{keyless}");
    let shown = plan(lab, shown).await;
    assert!(shown.starts_with("SEARCH device_key USING PRIMARY KEY (account=? AND jid=?)"), "{shown}");
    assert!(shown.contains("SEARCH listed USING PRIMARY KEY (account=? AND jid=? AND device=?)"), "{shown}");
    assert!(!shown.contains("SCAN"), "{shown}");
    let own = plan(lab, own).await;
    assert!(own.starts_with("SEARCH own_keys USING PRIMARY KEY (account=?)"), "{own}");
    let privacy = plan(lab, privacy).await;
    assert!(privacy.starts_with("SEARCH conversation USING INDEX"), "{privacy}");
    assert!(privacy.contains("(account=? AND peer=?)"), "{privacy}");
    for (name, sql) in restore::encryption::queries() {
        let plan = plan(lab, sql).await;
        assert!(plan.starts_with("SEARCH") && !plan.contains("SCAN"), "{name}: {plan}");
        // Sessions are large: they come in the order in which they lie.
        assert!(name != "sessions" || !plan.contains("TEMP B-TREE"), "{name}: {plan}");
    }
    let list = plan(lab, conversations::LIST).await;
    assert!(list.contains("SCAN conversation USING INDEX conversation_activity"), "{list}");
    assert!(list.contains("SEARCH last USING COVERING INDEX message_page (conversation=?)"), "{list}");
    assert!(list.contains("SEARCH message USING INTEGER PRIMARY KEY (rowid=?)"), "{list}");
    assert!(!list.contains("TEMP B-TREE"), "{list}");
}

#[tokio::test]
async fn hot_queries_use_their_indexes() {
    check(&Lab::new().await).await;
}

#[tokio::test]
async fn and_still_do_when_sqlite_has_counted() {
    let lab = Lab::new().await;
    lab.commit((0..2_000).map(|n| change(incoming(&format!("i{n}"), "text", n))).collect()).await;
    lab.sql("ANALYZE").await;
    check(&lab).await;
}
