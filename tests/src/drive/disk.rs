//! The ledger as accounts see it, on a disk that does what a test wants: it holds what is to be committed, refuses it, or the program
//! dies at a commit. What is refused or held never reaches the store; all else goes there as it is.

use std::collections::BTreeSet;
use std::process;
use std::sync::{Arc, Mutex, PoisonError};

use causerie_model::{AccountId, Change, Event, Problem, Restored};
use causerie_session::Ledger;
use causerie_store::Store;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;

use crate::driver::say;
use crate::report;

/// What the disk does.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mood {
    /// It works.
    #[default]
    Works,
    /// Commits wait.
    Holds,
    /// It is full.
    Full,
    /// It can't be written.
    ReadOnly,
    /// It gives errors.
    Fails,
    /// The program dies before the commit: nothing of it is on the disk.
    CrashesBefore,
    /// The program dies after the commit, before anybody has heard of it.
    CrashesAfter,
}

/// From when on, and for how long.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
pub(crate) struct Plan {
    #[serde(default)]
    pub(crate) mood: Mood,
    /// With which commit it begins: the next one is the first.
    #[serde(default)]
    pub(crate) from: u64,
    /// For how many commits; for all, where nothing is said.
    #[serde(default)]
    pub(crate) times: Option<u64>,
}

/// The ledger on such a disk. Clones share the disk.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    store: Store,
    state: Arc<Mutex<State>>,
    /// Told when there is another plan.
    planned: Arc<watch::Sender<()>>,
}

#[derive(Debug, Default)]
struct State {
    plan: Plan,
    /// Commits that were asked for since the plan was made.
    asked: u64,
}

impl Disk {
    pub(crate) fn new(store: Store) -> Self {
        Self { store, state: Arc::default(), planned: Arc::new(watch::Sender::new(())) }
    }

    /// From now on it does so. Answers how many commits were asked for since the last plan.
    pub(crate) fn plan(&self, plan: Plan) -> u64 {
        let before = std::mem::replace(&mut *self.lock(), State { plan, asked: 0 });
        self.planned.send_replace(());
        before.asked
    }

    /// What is to become of the commit that is asked for now.
    fn next(&self) -> Mood {
        let mut state = self.lock();
        state.asked += 1;
        let first = state.plan.from.max(1);
        let last = state.plan.times.map_or(u64::MAX, |times| first.saturating_add(times).saturating_sub(1));
        if (first..=last).contains(&state.asked) { state.plan.mood } else { Mood::Works }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refuse(problem: Problem, changes: &[Change]) -> Result<Vec<Event>, Problem> {
        let mut value = json!({ "event": "disk", "commit": "refused", "changes": kinds(changes) });
        report::add_problem(&mut value, &problem);
        say(&value);
        Err(problem)
    }

    fn crash(changes: &[Change]) -> ! {
        say(&json!({ "event": "disk", "commit": "crashed", "changes": kinds(changes) }));
        process::abort()
    }
}

impl Ledger for Disk {
    async fn restore(&self, account: AccountId) -> Result<Restored, Problem> {
        self.store.restore(account).await
    }

    async fn commit(&self, account: AccountId, changes: &[Change]) -> Result<Vec<Event>, Problem> {
        let mut planned = self.planned.subscribe();
        let mut mood = self.next();
        while mood == Mood::Holds {
            say(&json!({ "event": "disk", "commit": "held" }));
            // The sender is this one's own.
            let _ = planned.changed().await;
            mood = self.next();
        }
        match mood {
            Mood::Full => return Self::refuse(Problem::DiskFull, changes),
            Mood::ReadOnly => return Self::refuse(Problem::DiskReadOnly, changes),
            Mood::Fails => return Self::refuse(Problem::DiskFailed, changes),
            Mood::CrashesBefore => Self::crash(changes),
            Mood::Works | Mood::Holds | Mood::CrashesAfter => {}
        }
        let committed = self.store.commit(account, changes.to_vec()).await?;
        if mood == Mood::CrashesAfter {
            Self::crash(changes);
        }
        Ok(committed.events)
    }
}

/// What kinds of changes these are, each once.
fn kinds(changes: &[Change]) -> BTreeSet<String> {
    let kind = |change: &Change| {
        let shown = format!("{change:?}");
        shown.chars().take_while(char::is_ascii_alphanumeric).collect()
    };
    changes.iter().map(kind).collect()
}
