//! A device for conversations with other programs: a JSON object a line on stdin, one back on stdout.
//!
//! `{"do": "new", "seed": 1, "device": 7, "version": "legacy"}` makes it; then `bundle`, `initiate` (`peer`, `bundle`),
//! `encrypt` (`peer`, `plaintext`), `decrypt` (`peer`, `bytes`, `kex`), `consume` (`prekey`). Bytes are hexadecimal. Its
//! state goes to bytes and back at every step.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};

use causerie_model::{DeviceId, OmemoVersion};
use causerie_omemo::{Kind, OwnKeys, PeerBundle, PublishedBundle, Record, Refused};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::{Value, json};

const NOW: u64 = 1_800_000_000;

struct Partner {
    rng: StdRng,
    version: OmemoVersion,
    own: Vec<u8>,
    records: BTreeMap<String, Vec<u8>>,
}

#[expect(clippy::disallowed_methods, reason = "an example speaks to the outside")]
fn main() {
    let mut partner = None;
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("stdin is text");
        let request: Value = serde_json::from_str(&line).expect("a line is JSON");
        let answer = match request["do"].as_str() {
            Some("new") => {
                partner = Some(Partner::new(&request));
                json!({})
            }
            Some(what) => {
                let partner = partner.as_mut().expect("`new` comes first");
                partner
                    .answer(what, &request)
                    .unwrap_or_else(|refused| json!({ "refused": format!("{refused:?}") }))
            }
            None => panic!("no `do` in {line}"),
        };
        writeln!(std::io::stdout(), "{answer}").expect("stdout is open");
    }
}

impl Partner {
    fn new(request: &Value) -> Self {
        let mut rng = StdRng::seed_from_u64(request["seed"].as_u64().expect("a seed"));
        let device = DeviceId::new(number(request, "device")).expect("a device id");
        let version = match request["version"].as_str() {
            Some("legacy") => OmemoVersion::Legacy,
            Some("omemo2") => OmemoVersion::Omemo2,
            other => panic!("version {other:?}"),
        };
        let own = OwnKeys::generate(device, &mut rng, NOW).encode().to_vec();
        Self { rng, version, own, records: BTreeMap::new() }
    }

    fn answer(&mut self, what: &str, request: &Value) -> Result<Value, Refused> {
        let mut own = OwnKeys::decode(&self.own).expect("our own bytes");
        let peer = request["peer"].as_str().unwrap_or_default().to_owned();
        let record = self.records.get(&peer).map(|bytes| Record::decode(bytes).expect("our own bytes"));
        let record = record.unwrap_or(Record::new(self.version));
        let (next, answer) = match what {
            "bundle" => return Ok(show(&own.bundle(self.version))),
            "consume" => {
                let was_there = own.consume(self.version, number(request, "prekey"));
                own.refill(&mut self.rng);
                self.own = own.encode().to_vec();
                return Ok(json!({ "was_there": was_there }));
            }
            "initiate" => {
                let bundle = PeerBundle::read(self.version, &read(&request["bundle"]))?;
                (record.initiate(&own, &bundle, &mut self.rng)?, json!({}))
            }
            "encrypt" => {
                let (record, sealed) = record.encrypt(&own, &bytes(&request["plaintext"]), &mut self.rng)?;
                let is_kex = sealed.kind == Kind::KeyExchange;
                (record, json!({ "bytes": hex(&sealed.bytes), "kex": is_kex }))
            }
            "decrypt" => {
                let is_kex = request["kex"].as_bool().expect("kex");
                let kind = if is_kex { Kind::KeyExchange } else { Kind::Message };
                let opened = record.decrypt(&own, &bytes(&request["bytes"]), kind, NOW)?;
                let answer = json!({
                    "plaintext": hex(&opened.plaintext),
                    "identity": hex(&opened.identity.fingerprint().0),
                    "consumed": opened.consumed_prekey,
                    "answer": opened.answer.map(|answer| format!("{answer:?}")),
                });
                (opened.record, answer)
            }
            other => panic!("cannot do {other}"),
        };
        self.records.insert(peer, next.encode().to_vec());
        Ok(answer)
    }
}

fn show(bundle: &PublishedBundle) -> Value {
    json!({
        "ik": hex(&bundle.identity),
        "spk_id": bundle.signed_prekey_id,
        "spk": hex(&bundle.signed_prekey),
        "sig": hex(&bundle.signature),
        "prekeys": bundle.prekeys.iter().map(|(id, key)| json!([id, hex(key)])).collect::<Vec<_>>(),
    })
}

fn read(bundle: &Value) -> PublishedBundle {
    let prekeys = bundle["prekeys"].as_array().expect("prekeys").iter();
    PublishedBundle {
        identity: bytes(&bundle["ik"]),
        signed_prekey_id: number(bundle, "spk_id"),
        signed_prekey: bytes(&bundle["spk"]),
        signature: bytes(&bundle["sig"]).try_into().expect("64 bytes of signature"),
        prekeys: prekeys.map(|pair| (pair[0].as_u64().expect("an id") as u32, bytes(&pair[1]))).collect(),
    }
}

fn number(value: &Value, name: &str) -> u32 {
    value[name].as_u64().and_then(|number| u32::try_from(number).ok()).expect(name)
}

fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().expect("bytes as hexadecimal");
    (0..text.len() / 2)
        .map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).expect("a digit"))
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
