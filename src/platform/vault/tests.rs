//! Copies are noticed, and crashes are not taken for copies.
//!
//! A program that is killed is one that ends without counting; one that dies between two steps is one whose keyring fails at that
//! step. A backup that is written *into* the old file has the same file's age, so that only the count can tell.
//!
//! Long because the keyring, the machine and each way to copy and to die belong together.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use causerie_model::{AccountId, BareJid, Change, DeviceId, Password};
use causerie_store::{Options, Store};
use tempfile::TempDir;
use tokio::sync::Semaphore;

use super::places::Keyring;
use super::*;
use crate::platform::credentials::Fault;

/// A keyring in memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Fake(Arc<Mutex<Inside>>);

#[derive(Debug, Default)]
struct Inside {
    entries: BTreeMap<String, String>,
    temper: Temper,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Temper {
    #[default]
    Good,
    /// It is not there at all.
    Absent,
    /// It takes nothing.
    Refuses,
    /// It takes what it is given, and nobody hears of it any more.
    TakesAndBreaks,
}

impl Fake {
    fn absent() -> Self {
        let fake = Self::default();
        fake.set(Temper::Absent);
        fake
    }

    fn set(&self, temper: Temper) {
        self.0.lock().unwrap().temper = temper;
    }

    fn entries(&self) -> BTreeMap<String, String> {
        self.0.lock().unwrap().entries.clone()
    }

    pub(super) fn load(&self, name: &str) -> Result<Option<Password>, Fault> {
        let inside = self.0.lock().unwrap();
        match inside.temper {
            Temper::Absent => Err(Fault::Absent),
            _ => Ok(inside.entries.get(name).map(|text| Password::new(text.clone()))),
        }
    }

    pub(super) fn save(&self, name: &str, text: &Password) -> Result<(), Fault> {
        let mut inside = self.0.lock().unwrap();
        match inside.temper {
            Temper::Absent => return Err(Fault::Absent),
            Temper::Refuses => return Err(Fault::Locked),
            Temper::Good | Temper::TakesAndBreaks => {}
        }
        inside.entries.insert(name.to_owned(), text.reveal().to_owned());
        if inside.temper == Temper::TakesAndBreaks { Err(Fault::Failed) } else { Ok(()) }
    }
}

/// The folders of a profile on some machine.
struct Profile {
    data: TempDir,
    state: TempDir,
    keyring: Fake,
}

/// The program, running.
struct Run {
    store: Store,
    keeper: Keeper,
    vault: Vault,
    account: AccountId,
}

type Files = BTreeMap<String, Vec<u8>>;

impl Profile {
    fn new(keyring: &Fake) -> Self {
        let folder = || tempfile::tempdir().unwrap();
        Self { data: folder(), state: folder(), keyring: keyring.clone() }
    }

    async fn start(&self) -> Run {
        self.start_or(Otherwise::Wait).await
    }

    async fn start_or(&self, otherwise: Otherwise) -> Run {
        let (store, _reader) = Store::open(self.data.path(), Options::default()).unwrap();
        let account = store.add_account(&BareJid::new("alice@chat.test").unwrap(), None).await.unwrap();
        let (data, state) = (self.data.path().to_owned(), self.state.path().to_owned());
        let places = Places { data, state, keyring: Keyring::Fake(self.keyring.clone()) };
        let keeper = Keeper::new(store.clone(), places);
        let vault = keeper.clone().open(otherwise).await;
        Run { store, keeper, vault, account }
    }

    /// What a start finds, and no more.
    async fn look(&self) -> Vault {
        let run = self.start().await;
        let vault = run.vault.clone();
        run.end().await;
        vault
    }

    /// All that is in the data folder.
    fn backup(&self) -> Files {
        let files = fs::read_dir(self.data.path()).unwrap().flatten();
        let files = files.filter(|file| !file.file_name().to_string_lossy().contains(".lock"));
        files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())).collect()
    }

    /// Writes a backup into the files that are there. The others go.
    fn restore(&self, files: &Files) {
        for name in self.backup().keys().filter(|name| !files.contains_key(*name)) {
            fs::remove_file(self.data.path().join(name)).unwrap();
        }
        write(self.data.path(), files);
    }

    /// The data folder alone, copied to a machine with that keyring.
    fn copy_to(&self, keyring: &Fake) -> Self {
        let copy = Self::new(keyring);
        write(copy.data.path(), &self.backup());
        copy
    }

    /// Whether the file system tells when a file was made.
    fn knows_ages(&self) -> bool {
        let made = fs::metadata(self.data.path()).unwrap().created();
        made.is_ok_and(|made| made > std::time::UNIX_EPOCH)
    }
}

fn write(folder: &Path, files: &Files) {
    files.iter().for_each(|(name, bytes)| fs::write(folder.join(name), bytes).unwrap());
}

impl Run {
    /// A ratchet turns.
    async fn turn(&self) {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let sealed = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes().to_vec();
        let change = Change::OwnKeysSet { device: DeviceId::new(1).unwrap(), sealed };
        self.store.commit(self.account, vec![change]).await.unwrap();
    }

    fn key(&self) -> VaultKey {
        key(&self.vault)
    }

    /// As the window's closing ends it.
    async fn end(self) {
        self.keeper.count().await;
        self.store.close();
    }

    /// Without a last count.
    fn kill(self) {
        self.store.close();
    }
}

#[track_caller]
fn key(vault: &Vault) -> VaultKey {
    match vault {
        Vault::Open(key) => key.clone(),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn assert_noticed(vault: &Vault, old: &VaultKey) {
    assert!(matches!(vault, Vault::Broken(key) if key != old), "{vault:?}");
}

#[tokio::test]
async fn a_backup_that_was_made_and_restored_within_one_start_is_noticed() {
    for keyring in [Fake::default(), Fake::absent()] {
        let profile = Profile::new(&keyring);
        let run = profile.start().await;
        let first = run.key();
        run.turn().await;
        let backup = profile.backup();
        run.turn().await;
        run.keeper.count().await;
        run.kill();
        profile.restore(&backup);
        let vault = profile.look().await;
        assert_noticed(&vault, &first);
        // It goes on with its new key, and is not taken for a copy again.
        let Vault::Broken(second) = vault else { unreachable!() };
        assert_eq!(key(&profile.look().await), second);
    }
}

#[tokio::test]
async fn a_backup_from_before_a_clean_end_is_noticed() {
    for keyring in [Fake::default(), Fake::absent()] {
        let profile = Profile::new(&keyring);
        let run = profile.start().await;
        let first = run.key();
        run.turn().await;
        run.keeper.count().await;
        let backup = profile.backup();
        run.turn().await;
        run.end().await;
        profile.restore(&backup);
        assert_noticed(&profile.look().await, &first);
    }
}

/// One that is taken between the two steps has both numbers, and is known all the same.
#[tokio::test]
async fn a_backup_from_the_midst_of_a_count_is_noticed() {
    let keyring = Fake::default();
    let profile = Profile::new(&keyring);
    let run = profile.start().await;
    let first = run.key();
    run.turn().await;
    keyring.set(Temper::Refuses);
    run.keeper.count().await;
    let backup = profile.backup();
    run.kill();
    keyring.set(Temper::Good);
    let run = profile.start().await;
    assert_eq!(run.key(), first);
    run.turn().await;
    run.end().await;
    profile.restore(&backup);
    assert_noticed(&profile.look().await, &first);
}

/// What is not noticed, as this module's table says.
#[tokio::test]
async fn only_a_backup_that_nothing_was_counted_after_is_taken_for_the_last() {
    let profile = Profile::new(&Fake::default());
    let run = profile.start().await;
    let first = run.key();
    run.turn().await;
    let backup = profile.backup();
    run.turn().await;
    run.kill();
    profile.restore(&backup);
    assert_eq!(key(&profile.look().await), first);
}

#[tokio::test]
async fn a_backup_to_which_nothing_was_added_is_the_last() {
    for keyring in [Fake::default(), Fake::absent()] {
        let profile = Profile::new(&keyring);
        let run = profile.start().await;
        let first = run.key();
        run.turn().await;
        run.keeper.count().await;
        let before = keyring.entries();
        let backup = profile.backup();
        run.keeper.count().await;
        run.end().await;
        assert_eq!(keyring.entries(), before, "nothing changed, nothing is counted");
        profile.restore(&backup);
        assert_eq!(key(&profile.look().await), first);
    }
}

/// Wherever it dies, at the start or while it runs, the next start goes on with the same key.
#[tokio::test]
async fn no_crash_is_taken_for_a_copy() {
    for temper in [Temper::Good, Temper::Refuses, Temper::TakesAndBreaks] {
        let keyring = Fake::default();
        let profile = Profile::new(&keyring);
        let run = profile.start().await;
        let first = run.key();
        run.kill();
        for _ in 0..3 {
            // It dies while it counts for the start…
            keyring.set(temper);
            let run = profile.start().await;
            assert!(!matches!(run.vault, Vault::Broken(_)), "{temper:?}");
            run.kill();
            // …and while it runs. What it tries after that it has no number for.
            keyring.set(Temper::Good);
            let run = profile.start().await;
            assert_eq!(run.key(), first, "{temper:?}");
            keyring.set(temper);
            for _ in 0..3 {
                run.turn().await;
                run.keeper.count().await;
            }
            run.kill();
            keyring.set(Temper::Good);
            assert_eq!(key(&profile.look().await), first, "{temper:?}");
        }
    }
}

#[tokio::test]
async fn no_crash_is_taken_for_a_copy_at_the_first_start_either() {
    for temper in [Temper::Refuses, Temper::TakesAndBreaks] {
        let keyring = Fake::default();
        keyring.set(temper);
        let profile = Profile::new(&keyring);
        let run = profile.start().await;
        let first = run.key();
        run.turn().await;
        run.kill();
        assert_eq!(key(&profile.look().await), first);
        // The keyring works again: the key moves into it.
        keyring.set(Temper::Good);
        assert_eq!(key(&profile.look().await), first);
        assert!(!profile.backup().contains_key("vault.key"));
        assert_eq!(key(&profile.look().await), first);
    }
}

/// A power cut may take back what the keyring or the other folder was given last; the ledger's writes are on the disk by then.
#[tokio::test]
async fn a_power_cut_is_not_taken_for_a_copy() {
    for keyring in [Fake::default(), Fake::absent()] {
        let profile = Profile::new(&keyring);
        let run = profile.start().await;
        let first = run.key();
        run.turn().await;
        let entries = keyring.entries();
        let count = |at: &Path| {
            let file = fs::read_dir(at).unwrap().next().unwrap().unwrap().path();
            let text = fs::read(&file).unwrap();
            (file, text)
        };
        let (file, number) = count(profile.state.path());
        run.keeper.count().await;
        assert_ne!(count(profile.state.path()).1, number);
        run.kill();
        keyring.0.lock().unwrap().entries = entries;
        fs::write(file, number).unwrap();
        assert_eq!(key(&profile.look().await), first);
    }
}

#[tokio::test]
async fn where_the_number_cannot_be_written_nothing_is_lost_by_it() {
    let keyring = Fake::absent();
    let profile = Profile::new(&keyring);
    let run = profile.start().await;
    let first = run.key();
    run.end().await;
    let file = fs::read_dir(profile.state.path()).unwrap().next().unwrap().unwrap().path();
    // Something is in the way of the file that it is written to first.
    fs::create_dir(file.with_extension("new")).unwrap();
    for _ in 0..3 {
        let run = profile.start().await;
        assert_eq!(run.key(), first);
        run.turn().await;
        run.keeper.count().await;
        run.turn().await;
        run.end().await;
    }
    // Nor by somebody who tidies up.
    fs::remove_dir(file.with_extension("new")).unwrap();
    fs::remove_file(file).unwrap();
    assert_eq!(key(&profile.look().await), first);
}

/// In one place, in turns, with the same files' age: as if it were two folders on a file system that doesn't tell.
#[tokio::test]
async fn two_copies_in_turns_with_one_keyring_become_two_devices() {
    for keyring in [Fake::default(), Fake::absent()] {
        let profile = Profile::new(&keyring);
        let run = profile.start().await;
        let first = run.key();
        run.turn().await;
        run.end().await;
        let theirs = profile.backup();

        let run = profile.start().await;
        assert_eq!(run.key(), first);
        run.turn().await;
        run.end().await;
        let mut ours = profile.backup();

        profile.restore(&theirs);
        let run = profile.start().await;
        assert_noticed(&run.vault, &first);
        let Vault::Broken(second) = run.vault.clone() else { unreachable!() };
        run.turn().await;
        run.end().await;
        let mut theirs = profile.backup();

        // From now on each goes its own way.
        for _ in 0..3 {
            for (files, expected) in [(&mut ours, &first), (&mut theirs, &second)] {
                profile.restore(files);
                let run = profile.start().await;
                assert_eq!(run.key(), *expected);
                run.turn().await;
                run.end().await;
                *files = profile.backup();
            }
        }
    }
}

#[tokio::test]
async fn a_copied_folder_is_noticed_at_once_where_the_age_of_files_is_known() {
    for keyring in [Fake::default(), Fake::absent()] {
        let profile = Profile::new(&keyring);
        if !profile.knows_ages() {
            return;
        }
        let run = profile.start().await;
        let first = run.key();
        run.turn().await;
        // It is killed, and nothing was counted: only the age tells. The number comes along.
        run.kill();
        let mut copy = profile.copy_to(&keyring);
        copy.state = tempfile::tempdir().unwrap();
        for file in fs::read_dir(profile.state.path()).unwrap().flatten() {
            fs::copy(file.path(), copy.state.path().join(file.file_name())).unwrap();
        }
        let vault = copy.look().await;
        assert_noticed(&vault, &first);
        let Vault::Broken(second) = vault else { unreachable!() };
        for _ in 0..2 {
            assert_eq!(key(&copy.look().await), second);
            assert_eq!(key(&profile.look().await), first);
        }
    }
}

#[tokio::test]
async fn a_copied_folder_with_another_keyring_is_noticed_and_both_go_on() {
    let (here, there) = (Fake::default(), Fake::default());
    let profile = Profile::new(&here);
    let run = profile.start().await;
    let first = run.key();
    run.turn().await;
    run.end().await;
    let copy = profile.copy_to(&there);
    let vault = copy.look().await;
    assert_noticed(&vault, &first);
    let Vault::Broken(second) = vault else { unreachable!() };
    for _ in 0..3 {
        assert_eq!(key(&copy.look().await), second);
        assert_eq!(key(&profile.look().await), first);
    }
    // One folder that wanders between two machines is new on each.
    let backup = profile.backup();
    let wandering = Profile::new(&there);
    write(wandering.data.path(), &backup);
    assert_noticed(&wandering.look().await, &first);
    let mut back = wandering.copy_to(&here);
    back.state = tempfile::tempdir().unwrap();
    assert!(matches!(back.look().await, Vault::Broken(_)));
}

/// The old key never opens again, wherever it dies while it breaks with the past.
#[tokio::test]
async fn a_crash_while_a_copy_gets_new_keys_does_not_bring_the_old_ones_back() {
    let keyring = Fake::absent();
    let profile = Profile::new(&keyring);
    if !profile.knows_ages() {
        return;
    }
    let run = profile.start().await;
    let first = run.key();
    run.turn().await;
    run.end().await;
    for steps in 0..=2 {
        for temper in [Temper::Absent, Temper::Good] {
            let keyring = Fake::default();
            keyring.set(temper);
            let copy = profile.copy_to(&keyring);
            if steps >= 1 {
                let data = copy.data.path();
                match temper {
                    Temper::Good => file::remove(data).unwrap(),
                    _ => file::write(data, &VaultKey([9; 32])).unwrap(),
                }
            }
            if steps >= 2 {
                let (store, _reader) = Store::open(copy.data.path(), Options::default()).unwrap();
                store.rename_vault().await.unwrap();
                store.close();
            }
            match copy.look().await {
                Vault::Open(key) | Vault::Broken(key) => assert_ne!(key, first, "{steps} {temper:?}"),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn it_is_counted_when_keys_change_and_then_not_for_a_while() {
    let keyring = Fake::default();
    let profile = Profile::new(&keyring);
    let run = profile.start().await;
    let number =
        || -> u64 { keyring.entries().values().next().unwrap().split(' ').nth(1).unwrap().parse().unwrap() };
    let (pauses, go_on) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (paused, resumed) = (Arc::clone(&pauses), Arc::clone(&go_on));
    let watching = tokio::spawn(run.keeper.clone().watch_with(move || {
        paused.add_permits(1);
        let resumed = Arc::clone(&resumed);
        async move { resumed.acquire().await.unwrap().forget() }
    }));
    let start = number();
    // Nothing changes: nothing is done, however often the program does something else.
    for _ in 0..20 {
        run.store.epoch().await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!((number(), pauses.available_permits()), (start, 0));
    for round in 1..4 {
        run.turn().await;
        pauses.acquire().await.unwrap().forget();
        assert_eq!(number(), start + round * 2 - 1);
        // A hundred changes in the pause are counted once, after it.
        for _ in 0..100 {
            run.turn().await;
        }
        assert_eq!(number(), start + round * 2 - 1);
        go_on.add_permits(1);
        pauses.acquire().await.unwrap().forget();
        assert_eq!(number(), start + round * 2);
        go_on.add_permits(1);
    }
    run.kill();
    watching.await.unwrap();
}

/// Whoever has no keyring, and whose file is damaged, is told so, and has a way out that destroys nothing.
#[tokio::test]
async fn a_damaged_file_is_said_to_be_so_and_put_aside_for_new_keys_alone() {
    for keyring in [Fake::absent(), Fake::default()] {
        let profile = Profile::new(&Fake::absent());
        let run = profile.start().await;
        let first = run.key();
        run.turn().await;
        run.end().await;
        let file = file::path(profile.data.path());
        let whole = fs::read(&file).unwrap();
        fs::write(&file, &whole[..20]).unwrap();
        let profile = Profile { keyring, ..profile };
        for _ in 0..2 {
            assert_eq!(profile.look().await, Vault::Unreadable);
            assert_eq!(fs::read(&file).unwrap(), whole[..20], "to look changes nothing");
        }
        // Put back, all is as it was; then it is damaged again.
        fs::write(&file, &whole).unwrap();
        profile.keyring.set(Temper::Absent);
        assert_eq!(key(&profile.look().await), first);
        fs::write(&file, &whole[..20]).unwrap();
        let run = profile.start_or(Otherwise::BeginAnew).await;
        assert_noticed(&run.vault, &first);
        let Vault::Broken(second) = run.vault.clone() else { unreachable!() };
        assert_eq!(fs::read(file.with_extension("damaged")).unwrap(), whole[..20], "it is kept");
        run.turn().await;
        run.end().await;
        for _ in 0..2 {
            assert_eq!(key(&profile.look().await), second, "once, and for good");
        }
    }
}

/// A keyring that came to be takes the new key.
#[tokio::test]
async fn new_keys_for_a_damaged_file_go_into_the_keyring_where_there_is_one() {
    let profile = Profile::new(&Fake::absent());
    let run = profile.start().await;
    let first = run.key();
    run.end().await;
    let file = file::path(profile.data.path());
    fs::write(&file, b"short").unwrap();
    profile.keyring.set(Temper::Good);
    assert_eq!(profile.look().await, Vault::Unreadable);
    let run = profile.start_or(Otherwise::BeginAnew).await;
    assert_noticed(&run.vault, &first);
    let Vault::Broken(second) = run.vault.clone() else { unreachable!() };
    run.end().await;
    assert!(!file.exists());
    assert_eq!(fs::read(file.with_extension("damaged")).unwrap(), b"short");
    assert_eq!(key(&profile.look().await), second);
}

/// It says nothing of a keyring that has the key: that one is unlocked, or given up with what it holds.
#[tokio::test]
async fn a_damaged_file_beside_a_keyring_changes_nothing() {
    let profile = Profile::new(&Fake::default());
    let run = profile.start().await;
    let first = run.key();
    run.end().await;
    let file = file::path(profile.data.path());
    fs::write(&file, b"short").unwrap();
    profile.keyring.set(Temper::Absent);
    assert_eq!(profile.look().await, Vault::Locked);
    assert_eq!(fs::read(&file).unwrap(), b"short");
    profile.keyring.set(Temper::Good);
    assert_eq!(key(&profile.look().await), first);
    fs::write(&file, b"short").unwrap();
    profile.keyring.set(Temper::Absent);
    let run = profile.start_or(Otherwise::BeginAnew).await;
    assert_noticed(&run.vault, &first);
    run.end().await;
}

/// Whatever can't be read or written on the way is no locked keyring.
#[cfg(unix)]
#[tokio::test]
async fn a_file_that_can_not_be_put_aside_is_said_to_be_unreadable() {
    let profile = Profile::new(&Fake::absent());
    profile.start().await.end().await;
    let file = file::path(profile.data.path());
    fs::write(&file, b"short").unwrap();
    for number in 1..=100 {
        let name = if number == 1 { "damaged".to_owned() } else { format!("damaged-{number}") };
        fs::write(file.with_extension(name), b"older").unwrap();
    }
    let run = profile.start_or(Otherwise::BeginAnew).await;
    assert_eq!(run.vault, Vault::Unreadable);
    run.end().await;
    assert_eq!(fs::read(&file).unwrap(), b"short");
}

/// Nor is it a damaged key, for which a person would look for a copy, or give up what it has sealed.
#[tokio::test]
async fn a_fault_of_the_disk_is_said_as_what_it_is() {
    let profile = Profile::new(&Fake::absent());
    let in_the_way = profile.data.path().join("vault.part");
    fs::create_dir(&in_the_way).unwrap();
    assert_eq!(profile.look().await, Vault::Failed(Problem::DiskFailed));
    fs::remove_dir(in_the_way).unwrap();
    let first = key(&profile.look().await);
    assert_eq!(key(&profile.look().await), first);
}

fn epoch(current: u64, intent: Option<u64>, in_keyring: bool) -> Epoch {
    Epoch { name: "x".to_owned(), current, intent, in_keyring, origin: Origin::Same }
}

fn chosen(
    kept: Result<Option<u64>, Fault>,
    in_file: Option<u8>,
    number: Option<u64>,
    epoch: &Epoch,
) -> (&'static str, Place) {
    let seen = Seen {
        kept: kept.map(|kept| kept.map(|number| Kept { key: VaultKey([5; 32]), number })),
        in_file: in_file.map(|byte| VaultKey([byte; 32])),
        is_unreadable: false,
        number,
    };
    let Choice { vault, place, .. } = choose(seen, epoch, Otherwise::Wait).unwrap();
    let vault = match vault {
        Vault::Open(VaultKey(key)) if key == [5; 32] => "kept",
        Vault::Open(VaultKey(key)) if key == [6; 32] => "file",
        Vault::Open(_) => "new",
        Vault::Broken(VaultKey(key)) => {
            assert!(key != [5; 32] && key != [6; 32]);
            "broken"
        }
        Vault::Awaited | Vault::Locked => "locked",
        Vault::Unreadable => "unreadable",
        Vault::Failed(_) => "failed",
    };
    (vault, place)
}

#[test]
fn what_is_damaged_waits_for_a_person_where_no_keyring_has_it() {
    use Otherwise::{BeginAnew, Wait};
    for (kept, in_keyring, waits, begins) in [
        (Ok(None), true, Vault::Unreadable, Place::Keyring),
        (Ok(None), false, Vault::Unreadable, Place::Keyring),
        (Err(Fault::Absent), false, Vault::Unreadable, Place::File),
        (Err(Fault::Locked), true, Vault::Locked, Place::File),
    ] {
        let choice = |otherwise| {
            let kept = kept.map(|_: Option<()>| None);
            let seen = Seen { kept, in_file: None, is_unreadable: true, number: Some(7) };
            choose(seen, &epoch(6, Some(7), in_keyring), otherwise).unwrap()
        };
        assert_eq!(choice(Wait).vault, waits, "{kept:?} {in_keyring}");
        let Choice { vault, place, .. } = choice(BeginAnew);
        assert!(matches!(vault, Vault::Broken(_)) && place == begins, "{kept:?} {in_keyring}: {vault:?}");
    }
}

#[test]
fn the_key_that_is_there_is_used_and_an_old_folder_is_noticed() {
    use Place::{File, FileAlready, Keyring};
    let fresh = epoch(0, None, false);
    let used = epoch(6, Some(7), true);
    assert_eq!(chosen(Ok(None), None, None, &fresh), ("new", Keyring), "the first start");
    assert_eq!(chosen(Ok(Some(7)), None, None, &used), ("kept", Keyring));
    assert_eq!(chosen(Ok(Some(6)), None, None, &used), ("kept", Keyring), "interrupted before the keyring");
    assert_eq!(chosen(Ok(Some(8)), None, Some(7), &used), ("broken", Keyring), "a backup was restored");
    assert_eq!(chosen(Ok(Some(5)), None, Some(7), &used), ("broken", Keyring), "the keyring was restored");
    assert_eq!(chosen(Ok(None), None, Some(7), &used), ("broken", Keyring), "the keyring was emptied");
    assert_eq!(chosen(Ok(Some(7)), Some(5), Some(1), &used), ("kept", Keyring), "the file was not removed");
    let in_file = epoch(6, Some(7), false);
    assert_eq!(chosen(Ok(None), Some(6), Some(7), &in_file), ("file", Keyring), "a keyring came to be");
    assert_eq!(
        chosen(Ok(None), Some(6), Some(8), &in_file),
        ("broken", Keyring),
        "it did, for an old folder"
    );
    for fault in [Fault::Absent, Fault::Locked, Fault::Failed] {
        assert_eq!(chosen(Err(fault), None, None, &fresh), ("new", File));
        assert_eq!(chosen(Err(fault), None, None, &used), ("locked", FileAlready));
        for (number, expected) in [(None, "file"), (Some(6), "file"), (Some(7), "file")] {
            assert_eq!(chosen(Err(fault), Some(6), number, &in_file), (expected, FileAlready));
        }
        for number in [5, 8] {
            assert_eq!(chosen(Err(fault), Some(6), Some(number), &in_file), ("broken", File));
        }
    }
    let copied = |epoch: &Epoch| Epoch { origin: Origin::Copied, ..epoch.clone() };
    assert_eq!(chosen(Ok(Some(7)), None, None, &copied(&used)), ("broken", Keyring));
    assert_eq!(chosen(Ok(None), Some(6), Some(7), &copied(&in_file)), ("broken", Keyring));
    assert_eq!(chosen(Ok(None), None, None, &copied(&in_file)), ("broken", Keyring));
    assert_eq!(chosen(Err(Fault::Absent), Some(6), Some(7), &copied(&in_file)), ("broken", File));
    assert_eq!(chosen(Err(Fault::Absent), None, None, &copied(&in_file)), ("broken", File));
    assert_eq!(chosen(Err(Fault::Locked), None, None, &copied(&used)), ("locked", FileAlready));
    let seen = Seen { kept: Err(Fault::Locked), in_file: None, is_unreadable: false, number: None };
    let Choice { vault, place, .. } = choose(seen, &used, Otherwise::BeginAnew).unwrap();
    assert!(matches!((vault, place), (Vault::Broken(_), File)));
}
