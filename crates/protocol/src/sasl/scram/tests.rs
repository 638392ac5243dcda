use super::*;
use crate::{DeriveKey, derive_key};

const SHA1_NONCE: &str = "fyko+d2lbbFgONRv9qkxdawL";
const SHA256_NONCE: &str = "rOprNGfwEbeRWgbNEkqO";

fn key(hash: HashFunction, password: &str, wanted: &KeyWanted) -> SaltedPassword {
    derive_key(&DeriveKey {
        ticket: 0,
        hash,
        password: prepared(&Password::new(password.to_owned())),
        salt: wanted.salt.clone(),
        iterations: wanted.iterations,
    })
}

/// RFC 5802 §5.
#[test]
fn known_answer_sha1() {
    let mut scram =
        Scram::new(HashFunction::Sha1, (Binding::Unable, String::new()), "user", SHA1_NONCE.to_owned());
    assert_eq!(scram.first(), "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
    let wanted =
        scram.challenge("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096").unwrap();
    assert_eq!(wanted.iterations, 4096);
    assert_eq!(
        scram.proof(&key(HashFunction::Sha1, "pencil", &wanted)).unwrap(),
        "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="
    );
    assert_eq!(scram.verify("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="), Ok(()));
    assert_eq!(scram.verify("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=,x=later"), Ok(()));
    for wrong in
        ["", "v=", "v=rmF9pqV8S7suAoZWja4dJRkFsKU=", "v=rmF9", "x=rmF9pqV8S7suAoZWja4dJRkFsKQ=", "v=*"]
    {
        assert_eq!(scram.verify(wrong), Err(Problem::ServerNotProved), "{wrong}");
    }
    assert_eq!(scram.verify("e=invalid-proof"), Err(Problem::WrongPassword));
}

/// RFC 7677 §3.
#[test]
fn known_answer_sha256() {
    let mut scram =
        Scram::new(HashFunction::Sha256, (Binding::Unable, String::new()), "user", SHA256_NONCE.to_owned());
    assert_eq!(scram.first(), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
    let wanted = scram
        .challenge("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
        .unwrap();
    assert_eq!(
        scram.proof(&key(HashFunction::Sha256, "pencil", &wanted)).unwrap(),
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
         p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    );
    assert_eq!(scram.verify("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="), Ok(()));
}

/// RFC 5802 §6 and §7.
#[test]
fn the_header_tells_of_the_channel() {
    let first =
        |binding| Scram::new(HashFunction::Sha1, (binding, String::new()), "u", "N".to_owned()).first();
    assert_eq!(first(Binding::Exporter([7; 32])), "p=tls-exporter,,n=u,r=N");
    assert_eq!(first(Binding::NotOffered), "y,,n=u,r=N");
    assert_eq!(first(Binding::Unable), "n,,n=u,r=N");
    assert_eq!(Binding::Exporter([7; 32]).input().len(), 16 + 32);
    assert_eq!(BASE64.encode(Binding::NotOffered.input()), "eSws");
}

/// RFC 5802 §5.1: `saslname`.
#[test]
fn user_names_are_escaped_and_prepared() {
    let first =
        |user| Scram::new(HashFunction::Sha1, (Binding::Unable, String::new()), user, "N".to_owned()).first();
    assert_eq!(first("a=b,c"), "n,,n=a=3Db=2Cc,r=N");
    assert_eq!(first("=2C"), "n,,n==3D2C,r=N");
    assert_eq!(first("\u{2168}"), "n,,n=IX,r=N");
}

/// RFC 4013 §3.
#[test]
fn passwords_are_prepared() {
    let prepare = |text: &str| prepared(&Password::new(text.to_owned())).reveal().to_owned();
    assert_eq!(prepare("I\u{ad}X"), "IX");
    assert_eq!(prepare("user"), "user");
    assert_eq!(prepare("\u{aa}"), "a");
    assert_eq!(prepare("\u{2168}"), "IX");
    assert_eq!(prepare("a\u{a0}b"), "a b");
    // Not allowed by the profile, so left alone.
    assert_eq!(prepare("\u{7}"), "\u{7}");
    assert_eq!(prepare("\u{627}1"), "\u{627}1");
    assert_eq!(prepare("\u{ad}"), "\u{ad}");
    assert_eq!(prepare("🦊"), "🦊");
}

/// Attack B6.
#[test]
fn bad_challenges() {
    let check = |text: &str| {
        Scram::new(HashFunction::Sha256, (Binding::Unable, String::new()), "u", "ours".to_owned())
            .challenge(text)
            .map(|_| ())
    };
    assert_eq!(check("r=ours1,s=QQ==,i=4096"), Ok(()));
    assert_eq!(check("r=ours1,s=QQ==,i=4096,x=an extension"), Ok(()));
    assert_eq!(check("r=ours1,s=QQ==,i=10000000"), Ok(()));
    for (text, problem) in [
        ("", Problem::Protocol),
        ("junk", Problem::Protocol),
        ("m=x,r=ours1,s=QQ==,i=4096", Problem::Protocol),
        ("r=ours1,s=QQ==,i=4096,m=x", Problem::Protocol),
        ("s=QQ==,r=ours1,i=4096", Problem::Protocol),
        ("r=ours1,i=4096,s=QQ==", Problem::Protocol),
        ("r=ours1,s=QQ==", Problem::Protocol),
        ("r=ours1,s=QQ==,i=", Problem::Protocol),
        ("r=ours1,s=QQ==,i=+4096", Problem::Protocol),
        ("r=ours1,s=QQ==,i=04096", Problem::Protocol),
        ("r=ours1,s=QQ==,i=-1", Problem::Protocol),
        ("r=ours1,s=QQ==,i=99999999999999999999", Problem::Protocol),
        ("r=ours1,s=*,i=4096", Problem::Protocol),
        ("r=ours\u{e9},s=QQ==,i=4096", Problem::Protocol),
        ("r=ours 1,s=QQ==,i=4096", Problem::Protocol),
        ("r=ours1,s=,i=4096", Problem::ServerTooWeak),
        ("r=ours1,s=QQ==,i=0", Problem::ServerTooWeak),
        ("r=ours1,s=QQ==,i=4095", Problem::ServerTooWeak),
        ("r=ours1,s=QQ==,i=10000001", Problem::OverLimits),
        ("r=ours1,s=QQ==,i=4294967295", Problem::OverLimits),
        ("r=ours1,s=QQ==,i=4294971392", Problem::OverLimits),
        ("r=ours,s=QQ==,i=4096", Problem::ServerNotProved),
        ("r=theirs,s=QQ==,i=4096", Problem::ServerNotProved),
        ("r=,s=QQ==,i=4096", Problem::ServerNotProved),
        ("e=unknown-user", Problem::WrongPassword),
        ("e=made-up", Problem::Protocol),
    ] {
        assert_eq!(check(text), Err(problem), "{text}");
    }
}

#[test]
fn nothing_is_proved_before_the_key_is_known() {
    let mut scram = Scram::new(HashFunction::Sha1, (Binding::Unable, String::new()), "u", "ours".to_owned());
    assert_eq!(scram.verify("v="), Err(Problem::ServerNotProved));
    assert_eq!(scram.verify("v=AAAA"), Err(Problem::ServerNotProved));
    assert_eq!(scram.proof(&SaltedPassword(vec![0; 20])), Err(Problem::Internal));
}

/// XEP-0474 0.5.0 §6.3, its example.
#[test]
fn known_answer_of_what_was_offered() {
    let offered = "SCRAM-SHA-1\u{1e}SCRAM-SHA-1-PLUS\u{1f}tls-exporter\u{1e}tls-server-end-point";
    let challenge = |offered: &str| {
        let known = (Binding::Unable, offered.to_owned());
        let mut scram = Scram::new(HashFunction::Sha1, known, "user", "ours".to_owned());
        let text = "r=ours.theirs,s=QSXCR+Q6sek8bf92,i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08=";
        scram.challenge(text).map(|_| ())
    };
    assert_eq!(challenge(offered), Ok(()));
    assert_eq!(challenge("SCRAM-SHA-1"), Err(Problem::Downgrade));
}
