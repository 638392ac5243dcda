//! Finding the key at the start, and counting while the program runs.

use std::sync::Arc;
use std::time::Duration;

use causerie_model::{Problem, Vault, VaultKey};
use causerie_session::vault as file;
use causerie_store::{Epoch, Store};
use tokio::sync::{Mutex, oneshot};

use super::{Choice, Otherwise, Place, Places, choose};

/// How long it is not counted again after it was.
const PAUSE: Duration = Duration::from_secs(600);

/// Keeps the count. Clones are one.
#[derive(Clone, Debug)]
pub(crate) struct Keeper {
    store: Store,
    places: Places,
    /// How far it is; `None` as long as there is no key, and after a place could not be written.
    counted: Arc<Mutex<Option<Counted>>>,
}

#[derive(Clone, Debug)]
struct Counted {
    name: String,
    key: VaultKey,
    place: Place,
    /// What is kept beside the key.
    number: u64,
    /// [`Store::turned`] when that was begun to be written.
    turned: u64,
}

impl Keeper {
    /// For this ledger.
    pub(crate) fn new(store: Store, places: Places) -> Self {
        Self { store, places, counted: Arc::default() }
    }

    /// Finds the key, or makes it where there was none. Takes perhaps as long as a person takes to unlock a keyring.
    pub(crate) async fn open(self, otherwise: Otherwise) -> Vault {
        match self.find(otherwise).await {
            Ok(vault) => vault,
            Err(problem) => {
                tracing::error!(?problem, "the key that seals could not be had");
                match problem {
                    Problem::KeysLocked => Vault::Locked,
                    Problem::KeysUnreadable => Vault::Unreadable,
                    other => Vault::Failed(other),
                }
            }
        }
    }

    /// Counts when keys or sessions have changed, and then not before the pause is over. Ends with the ledger; costs nothing where
    /// nothing changes.
    pub(crate) async fn watch(self) {
        self.watch_with(|| tokio::time::sleep(PAUSE)).await;
    }

    pub(super) async fn watch_with<F: Future<Output = ()>>(self, pause: impl Fn() -> F) {
        let mut turned = self.store.turned();
        while turned.changed().await.is_ok() {
            self.count().await;
            pause().await;
        }
    }

    /// Counts, if keys or sessions have changed since the last time. For the end of the program, too, when nothing changes any more.
    pub(crate) async fn count(&self) {
        let mut state = self.counted.lock().await;
        let Some(counted) = state.clone() else { return };
        // Read before anything is written: what changes meanwhile is for the next time.
        let turned = *self.store.turned().borrow();
        if turned == counted.turned {
            return;
        }
        *state = match self.step(counted.clone()).await {
            Ok(number) => Some(Counted { number, turned, ..counted }),
            // The ledger has both numbers, and which one is kept can't be known before the next start. A keyring that was locked again is
            // not to ask a person for its password every now and then.
            Err(problem) => {
                tracing::warn!(?problem, "no more counting before the next start");
                None
            }
        };
    }

    async fn step(&self, counted: Counted) -> Result<u64, Problem> {
        let next = self.store.count(counted.number).await?;
        let places = self.places.clone();
        apart(move || {
            if counted.place == Place::Keyring {
                places.keep(&counted.name, &counted.key, next).map_err(|_| Problem::KeysLocked)?;
                let _ = places.note(&counted.name, next);
                return Ok(());
            }
            places.note(&counted.name, next).map_err(|_| Problem::DiskFailed)
        })
        .await??;
        Ok(next)
    }

    async fn find(&self, otherwise: Otherwise) -> Result<Vault, Problem> {
        // Nobody counts meanwhile.
        let mut state = self.counted.lock().await;
        *state = None;
        let epoch = self.store.epoch().await?;
        let (places, name) = (self.places.clone(), epoch.name.clone());
        let seen = apart(move || places.look(&name)).await?;
        let is_unreadable = seen.is_unreadable;
        let Choice { vault, place, number } = choose(seen, &epoch, otherwise)?;
        let key = match &vault {
            Vault::Open(key) | Vault::Broken(key) => key.clone(),
            Vault::Awaited | Vault::Locked | Vault::Unreadable | Vault::Failed(_) => return Ok(vault),
        };
        // Where no keyring had the key, before anything is written in its place.
        if is_unreadable && matches!(vault, Vault::Broken(_)) {
            let data = self.places.data.clone();
            apart(move || file::set_aside(&data)).await?.map_err(|_| Problem::KeysUnreadable)?;
        }
        let epoch = match &vault {
            Vault::Broken(_) => self.break_with_the_past(place, &key).await?,
            _ => epoch,
        };
        let turned = *self.store.turned().borrow();
        let settled = self.settle(place, &key, number, &epoch).await?;
        *state = settled.map(|(place, number)| Counted { name: epoch.name, key, place, number, turned });
        Ok(vault)
    }

    /// Gives this database a name of its own: the other of two that have the same past keeps its name, and is not disturbed by this
    /// one. The old key leaves its file before that: after it, nothing would tell any more that what it seals is not to be used.
    async fn break_with_the_past(&self, place: Place, key: &VaultKey) -> Result<Epoch, Problem> {
        let (data, key) = (self.places.data.clone(), key.clone());
        let replaced = apart(move || match place {
            Place::Keyring => file::remove(&data),
            Place::File | Place::FileAlready => file::write(&data, &key),
        });
        replaced.await?.map_err(|_| Problem::DiskFailed)?;
        self.store.rename_vault().await
    }

    /// Puts the key where it belongs, under the next number. Gives where it is now, and the number; none where that could not be written,
    /// and it must not be counted further.
    async fn settle(
        &self,
        place: Place,
        key: &VaultKey,
        number: u64,
        epoch: &Epoch,
    ) -> Result<Option<(Place, u64)>, Problem> {
        let next = self.store.count(number).await?;
        let (places, name, key) = (self.places.clone(), epoch.name.clone(), key.clone());
        let in_keyring = epoch.in_keyring;
        let (place, noted) = apart(move || {
            let kept = place == Place::Keyring && places.keep(&name, &key, next).is_ok();
            match place {
                Place::Keyring if kept => {}
                // A keyring that takes nothing is as good as none, as long as it never had the key.
                Place::Keyring if in_keyring => return Err(Problem::KeysLocked),
                Place::Keyring | Place::File => {
                    file::write(&places.data, &key).map_err(|_| Problem::DiskFailed)?;
                }
                Place::FileAlready => {}
            }
            let noted = places.note(&name, next);
            if let Err(error) = &noted {
                tracing::warn!(%error, "the vault's number could not be written");
            }
            Ok((if kept { Place::Keyring } else { Place::FileAlready }, noted.is_ok()))
        })
        .await??;
        if place == Place::Keyring {
            self.store.set_in_keyring().await?;
            let data = self.places.data.clone();
            // One that stays is passed over the next time as well.
            let _ = apart(move || file::remove(&data)).await?;
        }
        // Where the number can't be written the count stands still, which is no reason to do without keys.
        Ok((noted || place == Place::Keyring).then_some((place, next)))
    }
}

/// Does something that blocks on a thread of its own, for which the end of the program does not wait: a keyring may ask a person.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let (answer, answered) = oneshot::channel();
    let thread = std::thread::Builder::new().name("vault".to_owned());
    let work = move || {
        // Whoever asked may not wait any more.
        let _ = answer.send(work());
    };
    thread.spawn(work).map_err(|_| Problem::Internal)?;
    answered.await.map_err(|_| Problem::Internal)
}
