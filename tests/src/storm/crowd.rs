//! A room with a crowd: people who come, go and call themselves otherwise all the time, while those who are soaked are in it.

use std::path::Path;

use acceptance::chance::Chance;
use acceptance::{Driven, Server};
use serde_json::{Value, json};

use crate::device::Device;

/// How many there are. All of them are in one program.
const GUESTS: usize = 6;
/// How many of them do something each time.
const AT_ONCE: usize = 2;

/// The crowd, and what was said in its room.
pub(crate) struct Crowd {
    driven: Driven,
    room: String,
    guests: Vec<Guest>,
    /// How often somebody has come, gone, or changed their name.
    pub(crate) moves: u64,
    said: u64,
}

struct Guest {
    jid: String,
    inside: bool,
}

impl Crowd {
    /// Everybody is online, and those who are soaked are in the room.
    pub(crate) fn gather(server: &Server, devices: &mut [Device], folder: &Path, program: &str) -> Self {
        let mut driven = Driven::start_with(program, &folder.join("crowd"), &["--forget"]);
        let guests = (0..GUESTS).map(|number| {
            let name = format!("guest{number}");
            server.add_user(&name, &Device::password(&name));
            driven.sign_in(server, &name, &Device::password(&name));
            Guest { jid: server.jid(&name), inside: false }
        });
        let guests: Vec<Guest> = guests.collect();
        let room = server.jid("salon").replace('@', "@rooms.");
        for device in devices {
            let nick = device.tag;
            let Some(inside) = &mut device.driven else { continue };
            inside.ask(&json!({ "do": "join_room", "room": room, "nick": nick }));
            inside.event(&json!({ "event": "room", "room": room, "state": "joined" }));
        }
        Self { driven, room, guests, moves: 0, said: 0 }
    }

    /// Some of them do something.
    pub(crate) fn stir(&mut self, chance: &mut Chance) {
        self.driven.events_so_far(&json!({}));
        for _ in 0..AT_ONCE {
            let place = chance.place(GUESTS);
            let Some(guest) = self.guests.get_mut(place) else { continue };
            let is_leaving = guest.inside && chance.in_hundred(30);
            self.moves += 1;
            let command = match is_leaving {
                true => json!({ "do": "leave_room", "account": guest.jid, "room": self.room }),
                // Nobody has been there under that name before.
                false => json!({ "do": "join_room", "account": guest.jid, "room": self.room,
                                 "nick": format!("guest {}", self.moves) }),
            };
            guest.inside = !is_leaving;
            self.driven.ask(&command);
        }
    }

    /// Somebody who is soaked says something there.
    pub(crate) fn say(&mut self, device: &mut Device) {
        let Some(driven) = &mut device.driven else { return };
        let body = format!("{} in the room {}", device.tag, self.said);
        driven.ask(&json!({ "do": "send_room", "room": self.room, "body": body }));
        self.said += 1;
    }

    /// Waits until everybody has all that was said. Gives the report, and whether it was there, once.
    pub(crate) fn settle(&mut self, devices: &mut [Device]) -> (Value, bool) {
        let mut is_good = true;
        let mut rows = Vec::new();
        for device in devices.iter_mut() {
            let Some(driven) = &mut device.driven else { continue };
            let mut texts = Vec::new();
            for _ in 0..600 {
                let page = driven.ask(&json!({ "do": "page", "peer": self.room, "limit": 1_000_000 }));
                let messages = page["messages"].as_array().cloned().unwrap_or_default();
                texts = messages.iter().filter_map(|it| it["text"].as_str().map(str::to_owned)).collect();
                if u64::try_from(texts.len()).is_ok_and(|count| count >= self.said) {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
            rows.push(texts.len());
            let count = texts.len();
            texts.sort();
            texts.dedup();
            is_good &= texts.len() == count && u64::try_from(count).is_ok_and(|count| count == self.said);
        }
        (json!({ "moves": self.moves, "said": self.said, "rows": rows }), is_good)
    }
}
