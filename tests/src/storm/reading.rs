//! What was read: on all devices of whoever has read it, and known to who wrote it.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::scene::Scene;

/// How long it may take until everybody knows.
const KNOWN: Duration = Duration::from_secs(30);

/// Alice reads everything on one of her devices, and Bob on his, as often as something is unread there. Says who does not come to know.
pub(crate) fn read(scene: &mut Scene) -> Result<(), String> {
    let end = Instant::now() + KNOWN;
    loop {
        for device in scene.devices.iter_mut().take(2) {
            let peer = scene.server.jid(device.peer);
            if let Some(driven) = &mut device.driven {
                // Where nothing was ever written there is nothing to be read.
                driven.try_ask(&json!({ "do": "mark_read", "peer": peer }));
            }
        }
        thread::sleep(Duration::from_secs(1));
        let unaware = unaware(scene);
        if unaware.is_empty() {
            return Ok(());
        }
        if Instant::now() > end {
            return Err(format!("what was read is not known: {}", unaware.join(", ")));
        }
    }
}

fn unaware(scene: &mut Scene) -> Vec<String> {
    let server = &scene.server;
    let mut unaware = Vec::new();
    for device in &mut scene.devices {
        device.listen();
        let peer = server.jid(device.peer);
        let Some(driven) = &mut device.driven else { continue };
        let answer = driven.ask(&json!({ "do": "conversations" }));
        let conversations = answer["conversations"].as_array().into_iter().flatten();
        for conversation in conversations.filter(|it| it["peer"] == *peer && it["unread"] != 0) {
            unaware.push(format!("{} unread on {}", conversation["unread"], device.tag));
        }
        let page = driven.ask(&json!({ "do": "page", "peer": peer, "limit": 1_000_000 }));
        let messages = page["messages"].as_array().into_iter().flatten();
        let own =
            messages.filter(|it| it["message"].as_str().is_some_and(|id| device.asked.contains_key(id)));
        let behind: Vec<&str> = own
            .filter(|it| it["state"] != "read" && it["retracted"] != true)
            .filter_map(|it| it["text"].as_str())
            .collect();
        if let (Some(first), Some(last)) = (behind.first(), behind.last()) {
            unaware.push(format!("{} of {} not known as read, {first} to {last}", behind.len(), device.tag));
        }
    }
    unaware
}
