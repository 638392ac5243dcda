//! A newer list of providers, from its public address.
//!
//! Answered at most once a day, asked again where no answer came, and only when the choice of a provider is on the screen: then the person sees why. A list is taken only as
//! a whole and when it is as good as the one in use; else all stays as it is. What the list says passes the same gate as the one that
//! is built in, each time it is read.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use causerie_model::Problem;
use causerie_session::fetch::{Limits, Web};
use causerie_session::{Dns, Roots, Route, Tls};

use super::read::MOST_BYTES;
use super::{BUNDLED, Providers, providers_of};
use crate::platform::folders::{create_private, write_private};

/// Where the list is: categories A and B, all that the project would have anybody choose.
const PAGE: &str = "https://data.xmpp.net/providers/v2/providers-B.json";
const LIMITS: Limits = Limits { bytes: MOST_BYTES, time: Duration::from_secs(30) };
/// How long an answer is good enough.
const PAUSE: Duration = Duration::from_secs(24 * 60 * 60);
/// How long nobody asks again after a try that was not answered.
const AGAIN: Duration = Duration::from_secs(10 * 60);
/// The list of last time, in the cache folder.
const LIST: &str = "providers.json";
/// When an answer came last, in seconds since 1970.
const ANSWERED: &str = "providers.answered";
/// When one was tried for last that did not come, in seconds since 1970.
const TRIED: &str = "providers.tried";

/// The providers of the newest list that is at hand. Blocks: not for the GUI thread.
pub(crate) fn at_hand(folder: &Path) -> Providers {
    let kept = read(&folder.join(LIST)).and_then(|bytes| providers_of(&bytes).ok());
    match kept {
        Some(list) if is_as_good(list.len(), bundled()) => Providers::new(list),
        _ => Providers::bundled(),
    }
}

/// Asks for a newer list, where it is time for that. Nothing where there is none: the one at hand is then to be used on.
pub(crate) async fn refresh(folder: PathBuf, roots: Roots, dns: Dns, route: Route) -> Option<Providers> {
    let asking = folder.clone();
    let prepared = tokio::task::spawn_blocking(move || {
        if is_due(&asking, SystemTime::now()) { Tls::new(&roots).ok() } else { None }
    });
    let tls = prepared.await.ok().flatten()?;
    let answer = Web::new(dns, tls).by(route).get(PAGE, LIMITS).await;
    let taking = move || {
        note(&folder, &answer, SystemTime::now());
        taken(&folder, answer)
    };
    tokio::task::spawn_blocking(taking).await.ok().flatten()
}

/// Whether it is time to ask.
fn is_due(folder: &Path, now: SystemTime) -> bool {
    let now = seconds(now);
    let since = |file: &str| {
        let last = read(&folder.join(file)).and_then(|bytes| String::from_utf8(bytes).ok());
        let last = last?.trim().parse::<u64>().ok()?;
        // A clock that was ahead once does not stop it for ever.
        now.checked_sub(last)
    };
    let waits = |file, pause: Duration| since(file).is_some_and(|since| since < pause.as_secs());
    // Where it can't be noted, it could not be kept either.
    !waits(ANSWERED, PAUSE) && !waits(TRIED, AGAIN) && create_private(folder).is_ok()
}

/// Notes that there was an answer, or that none came. Without a network nobody was asked, so that there is nothing to note.
fn note(folder: &Path, answer: &Result<Vec<u8>, Problem>, now: SystemTime) {
    let file = match answer {
        Ok(_) => ANSWERED,
        Err(Problem::NoNetwork) => return,
        Err(_) => TRIED,
    };
    let noted = create_private(folder)
        .and_then(|()| write_private(&folder.join(file), seconds(now).to_string().as_bytes()));
    if let Err(error) = noted {
        tracing::debug!(%error, "the cache folder can't be written");
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Takes a list that has come, if it is one and as good as the one at hand.
fn taken(folder: &Path, answer: Result<Vec<u8>, Problem>) -> Option<Providers> {
    let bytes = answer.inspect_err(|problem| tracing::debug!(?problem, "no newer list of providers")).ok()?;
    let list = providers_of(&bytes).inspect_err(|fault| tracing::info!(?fault, "a list was refused")).ok()?;
    let kept =
        read(&folder.join(LIST)).and_then(|bytes| providers_of(&bytes).ok()).map_or(0, |list| list.len());
    let register = list.iter().any(super::Provider::registers_here);
    if !register || !is_as_good(list.len(), kept.max(bundled())) {
        tracing::info!(entries = list.len(), "a list with too little in it was refused");
        return None;
    }
    if let Err(error) = write_private(&folder.join(LIST), &bytes) {
        tracing::debug!(%error, "a list of providers could not be kept");
    }
    Some(Providers::new(list))
}

/// Whether a list has most of what another one had: providers come and go one by one, and a list that has lost more was cut off.
fn is_as_good(entries: usize, than: usize) -> bool {
    entries > 0 && entries * 3 >= than * 2
}

fn bundled() -> usize {
    providers_of(BUNDLED).map_or(0, |list| list.len())
}

/// A file of ours, unless it has become larger than it can be.
fn read(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path).ok().filter(|file| file.metadata().is_ok_and(|found| found.is_file()))?;
    file.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() <= MOST_BYTES).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: usize) -> Vec<u8> {
        let entry = |at| format!(r#"{{"jid":"p{at}.example","inBandRegistration":true}}"#);
        format!("[{}]", (0..entries).map(entry).collect::<Vec<_>>().join(",")).into_bytes()
    }

    #[test]
    fn who_was_answered_asks_again_a_day_later_and_who_was_not_after_some_minutes() {
        let base = tempfile::tempdir().unwrap();
        let folder = base.path().join("cache");
        let at = |minutes: u64| UNIX_EPOCH + Duration::from_secs(1_800_000_000 + minutes * 60);
        assert!(is_due(&folder, at(0)));
        note(&folder, &Err(Problem::NoNetwork), at(0));
        assert!(is_due(&folder, at(0)), "nobody was asked");
        note(&folder, &Err(Problem::TimedOut), at(0));
        assert!(!is_due(&folder, at(9)) && is_due(&folder, at(10)));
        // What was answered counts, whatever it was worth: it is no better a minute later.
        note(&folder, &Ok(b"<html>sign in to this Wi-Fi</html>".to_vec()), at(10));
        assert!(!is_due(&folder, at(10)) && !is_due(&folder, at(10 + 23 * 60)));
        assert!(is_due(&folder, at(10 + 24 * 60)));
        fs::remove_file(folder.join(TRIED)).unwrap();
        assert!(is_due(&folder, at(5)), "the clock was ahead");
        fs::write(folder.join(ANSWERED), "soon").unwrap();
        assert!(is_due(&folder, at(11)));
    }

    #[test]
    fn a_good_list_is_taken_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(at_hand(folder.path()), Providers::bundled());
        let providers = taken(folder.path(), Ok(list(40))).unwrap();
        assert!(providers.get("p39.example").is_some() && providers.get("chapril.org").is_some());
        assert_eq!(at_hand(folder.path()), providers);
        assert!(taken(folder.path(), Ok(list(39))).is_some(), "one less is no fault");
    }

    #[test]
    fn a_bad_list_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        taken(folder.path(), Ok(list(60))).unwrap();
        let before = at_hand(folder.path());
        for bad in [
            Vec::new(),
            b"[]".to_vec(),
            b"<html>sign in to this Wi-Fi</html>".to_vec(),
            list(60)[..500].to_vec(),
            list(30),
            String::from_utf8(list(60)).unwrap().replace("true", "false").into_bytes(),
            vec![b' '; MOST_BYTES + 1],
        ] {
            assert_eq!(taken(folder.path(), Ok(bad)), None);
        }
        assert_eq!(taken(folder.path(), Err(Problem::NoNetwork)), None);
        assert_eq!(at_hand(folder.path()), before);
        fs::write(folder.path().join(LIST), "damaged").unwrap();
        assert_eq!(at_hand(folder.path()), Providers::bundled());
        fs::write(folder.path().join(LIST), list(3)).unwrap();
        assert_eq!(at_hand(folder.path()), Providers::bundled());
        fs::remove_file(folder.path().join(LIST)).unwrap();
        fs::create_dir(folder.path().join(LIST)).unwrap();
        assert_eq!(at_hand(folder.path()), Providers::bundled());
    }

    #[test]
    fn it_can_be_waited_for_beside_the_window() {
        fn is_send<T: Send>(_: &T) {}
        is_send(&refresh(PathBuf::new(), Roots::default(), Dns::System, Route::Straight));
    }
}
