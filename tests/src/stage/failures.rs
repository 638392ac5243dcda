//! Servers on which nobody gets an account: each of another name, for another reason, played by this program.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use acceptance::hostile::{Guest, Hostile, attribute};
use acceptance::{Authority, Flaw};
use serde_json::json;
use sha2::{Digest, Sha256};

/// What a server does, told by its name.
const PLAYS: &[(&str, Play)] = &[
    ("closed.test", Play::Closed),
    ("later.test", Play::Later),
    ("stranger.test", Play::Stranger),
    ("gone.test", Play::Gone),
    ("odd.test", Play::Odd),
    ("many.test", Play::Many),
    ("huge.test", Play::Huge),
    ("wide.test", Play::Wide),
    ("mismatch.test", Play::Mismatch),
    ("file.test", Play::Page("file:///etc/passwd")),
    ("script.test", Play::Page("javascript:alert(1)")),
    ("curious.test", Play::Curious),
];

#[derive(Clone, Copy)]
enum Play {
    /// It says that it makes accounts, and makes none when it is asked for a form.
    Closed,
    /// It wants one to wait for ten minutes.
    Later,
    /// Nobody knows who vouches for it.
    Stranger,
    /// It gives a form and is gone.
    Gone,
    /// A form with kinds of fields that there are not.
    Odd,
    /// A form with 10,000 fields.
    Many,
    /// A picture of 60 MB.
    Huge,
    /// A picture that says that it is 60,000 pixels wide and high.
    Wide,
    /// A picture that is not the one that was announced, or is elsewhere.
    Mismatch,
    /// A page of the web that is none.
    Page(&'static str),
    /// It asks for passwords of others.
    Curious,
}

/// The files that say what has happened.
struct Notes {
    heard: PathBuf,
    fetched: PathBuf,
    /// Where what is only mentioned would be fetched.
    bait: u16,
}

pub(crate) fn serve() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let authority = Authority::new(&folder.path().join("authority"));
    let bait = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| error.to_string())?;
    let notes = Notes {
        heard: folder.path().join("heard"),
        fetched: folder.path().join("fetched"),
        bait: bait.local_addr().map_err(|error| error.to_string())?.port(),
    };
    for file in [&notes.heard, &notes.fetched] {
        File::create(file).map_err(|error| error.to_string())?;
    }
    let ready = json!({ "ca_file": authority.file(), "heard": notes.heard, "fetched": notes.fetched });
    let fetched = notes.fetched.clone();
    thread::spawn(move || bait.incoming().for_each(|_| note(&fetched, "a picture")));
    let notes = Arc::new(notes);
    let mut dns = Vec::new();
    for (domain, play) in PLAYS {
        let flaw = if matches!(play, Play::Stranger) { Flaw::UnknownAuthority } else { Flaw::None };
        let server = Hostile::new(&authority, domain, flaw);
        dns.push(format!("{domain}={}", server.port()));
        let notes = Arc::clone(&notes);
        thread::spawn(move || listen(server, *play, &notes));
    }
    let mut ready = ready;
    super::merge(&mut ready, json!({ "dns": dns }));
    super::until_the_end(&ready)
}

/// Plays for whoever comes, until it is over.
fn listen(server: Hostile, play: Play, notes: &Arc<Notes>) {
    loop {
        let Ok(guest) = server.accept() else { continue };
        if let Play::Gone = play {
            // What has asked for the form is the last that is listened to.
            if matches!(talk(guest, play, notes), Ok(End::FormGiven)) {
                return;
            }
            continue;
        }
        let notes = Arc::clone(notes);
        thread::spawn(move || talk(guest, play, &notes));
    }
}

/// How a conversation has ended.
enum End {
    /// After the form, by us.
    FormGiven,
}

fn talk(mut guest: Guest, play: Play, notes: &Notes) -> io::Result<End> {
    guest.header()?;
    guest.say(
        "<stream:features><register xmlns='http://jabber.org/features/iq-register'/>\
         <mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-256</mechanism></mechanisms>\
         </stream:features>",
    )?;
    loop {
        let asked = guest.hear("</iq>")?;
        let id = attribute(asked.split('>').next().unwrap_or_default(), "id").unwrap_or_default();
        if asked.contains("type=\"set\"") || asked.contains("type='set'") {
            note(&notes.heard, &asked);
            guest.say(&refusal(play, &id))?;
            continue;
        }
        if let Play::Huge = play {
            huge(&mut guest, &id)?;
            continue;
        }
        guest.say(&form(play, &id, notes.bait))?;
        if let Play::Gone = play {
            return Ok(End::FormGiven);
        }
    }
}

fn refusal(play: Play, id: &str) -> String {
    let (kind, condition, text) = match play {
        Play::Later => ("wait", "resource-constraint", "Try again in 10 minutes."),
        _ => ("modify", "not-acceptable", "One of the answers is not what we like."),
    };
    error(id, kind, condition, text)
}

fn error(id: &str, kind: &str, condition: &str, text: &str) -> String {
    format!(
        "<iq type='error' id='{id}'><error type='{kind}'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>\
         <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>{text}</text></error></iq>"
    )
}

fn form(play: Play, id: &str, bait: u16) -> String {
    const QUESTION: &str =
        "<field var='why' type='text-single' label='Who told you of us?'><required/></field>";
    match play {
        Play::Closed => error(id, "cancel", "service-unavailable", "Not today."),
        Play::Later | Play::Stranger => filled(id, "", ""),
        Play::Gone => filled(id, QUESTION, ""),
        Play::Odd => filled(id, ODD, ""),
        Play::Many => {
            let fields = (0..10_000).fold(String::new(), |mut fields, number| {
                let _ =
                    write!(fields, "<field var='f{number}' type='text-single' label='Question {number}'/>");
                fields
            });
            filled(id, &fields, "")
        }
        Play::Huge => String::new(),
        Play::Wide => {
            let picture = endless();
            filled(id, &puzzle(&named(&picture), None), &data(&named(&picture), &picture))
        }
        Play::Mismatch => {
            let elsewhere = format!("http://127.0.0.1:{bait}/picture.png");
            let announced = named(b"another picture");
            filled(id, &puzzle(&announced, Some(&elsewhere)), &data(&announced, &endless()))
        }
        Play::Page(url) => format!(
            "<iq type='result' id='{id}'><query xmlns='jabber:iq:register'><instructions>See our page.</instructions>\
             <x xmlns='jabber:x:oob'><url>{url}</url></x></query></iq>"
        ),
        Play::Curious => filled(id, CURIOUS, ""),
    }
}

/// Every kind of field, and some that there are not.
const ODD: &str = "<field type='fixed'><value>Some questions first.</value></field>\
    <field var='motto' type='urn:example:motto' label='A motto'><required/></field>\
    <field var='terms' type='boolean' label='I have read the rules'><required/></field>\
    <field var='size' type='list-single' label='Size'><required/><option label='Small'><value>s</value></option>\
    <option label='Large'><value>l</value></option></field>\
    <field var='colours' type='list-multi' label='Colours'><option label='Red'><value>r</value></option>\
    <option label='Blue'><value>b</value></option></field>\
    <field var='about' type='text-multi' label='About you'/>\
    <field var='friends' type='jid-multi' label='Friends'/>\
    <field var='pin' type='text-private' label='A code word'/>\
    <field var='stars' type='hidden-by-the-moon' label='Star sign'/>";

/// Passwords that are none of its business, named as they may be in a keyring.
const CURIOUS: &str = "<field var='old_password' type='text-private' label='Password of camille@chapril.org'/>\
    <field var='keyring' type='text-private' label='Password of the keyring'/>\
    <field var='org.causerie.Causerie' type='hidden'/><field var='passphrase' type='hidden'/>\
    <field var='why' type='text-single' label='Who told you of us?'><required/></field>";

fn filled(id: &str, fields: &str, data: &str) -> String {
    format!(
        "<iq type='result' id='{id}'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'>\
         <field var='FORM_TYPE' type='hidden'><value>jabber:iq:register</value></field>\
         <field var='username' type='text-single'><required/></field>\
         <field var='password' type='text-private'><required/></field>{fields}</x>{data}</query></iq>"
    )
}

fn puzzle(name: &str, elsewhere: Option<&str>) -> String {
    let elsewhere = elsewhere.map(|url| format!("<uri type='image/png'>{url}</uri>")).unwrap_or_default();
    format!(
        "<field var='ocr' type='text-single' label='Enter the text you see'><required/>\
         <media xmlns='urn:xmpp:media-element'>{elsewhere}<uri type='image/png'>cid:{name}</uri></media></field>"
    )
}

fn data(name: &str, picture: &[u8]) -> String {
    use base64::Engine;
    let picture = base64::engine::general_purpose::STANDARD.encode(picture);
    format!("<data xmlns='urn:xmpp:bob' cid='{name}' type='image/png' max-age='0'>{picture}</data>")
}

/// The name of a picture (XEP-0231 1.0 §2.1).
fn named(picture: &[u8]) -> String {
    let digest = Sha256::digest(picture).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    format!("sha256+{digest}@bob.xmpp.org")
}

/// The beginning of a picture that would be 60,000 pixels wide and high (PNG, ISO/IEC 15948 §11.2.2).
fn endless() -> Vec<u8> {
    let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = 60_000u32.to_be_bytes().to_vec();
    head.extend(60_000u32.to_be_bytes());
    head.extend([8, 0, 0, 0, 0]);
    for (kind, content) in
        [(b"IHDR", head), (b"IDAT", vec![0x78, 0x9C, 3, 0, 0, 0, 0, 1]), (b"IEND", Vec::new())]
    {
        picture.extend(u32::try_from(content.len()).unwrap_or_default().to_be_bytes());
        let checked: Vec<u8> = kind.iter().chain(&content).copied().collect();
        picture.extend(&checked);
        picture.extend(sum(&checked).to_be_bytes());
    }
    picture
}

/// CRC-32 (ISO/IEC 15948 annex D).
fn sum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    })
}

/// 60 MB, piece by piece, for as long as they are listened to.
fn huge(guest: &mut Guest, id: &str) -> io::Result<()> {
    let name = named(b"huge");
    guest.say(&filled(id, &puzzle(&name, None), "").replace("</query></iq>", ""))?;
    guest.say(&format!("<data xmlns='urn:xmpp:bob' cid='{name}' type='image/png'>"))?;
    let piece = "QUJD".repeat(16 * 1024);
    for _ in 0..60_000_000 / piece.len() {
        guest.say(&piece)?;
    }
    guest.say("</data></query></iq>")
}

fn note(file: &Path, line: &str) {
    let file = OpenOptions::new().append(true).open(file);
    let _ = file.and_then(|mut file| writeln!(file, "{line}"));
}
