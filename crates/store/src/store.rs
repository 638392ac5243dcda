//! The handle, and the one thread that writes.

use std::fs::File;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use causerie_model::account::Activity;
use causerie_model::{AccountColour, AccountId, BareJid, Change, Event, Problem, Restored, ServerAddress};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use tokio::sync::{oneshot, watch};

use crate::codes::Code;
use crate::commit::{self, Durability, Lists};
use crate::rest::{Pace, Rest};
use crate::scrub::Scrub;
use crate::{OpenError, error, migrate, restore};

/// The writing side of the ledger. Cheap to clone; all clones share one thread, which owns the one connection that writes.
///
/// What was asked is done in the order it was asked, also when the asker does not wait for the answer. Nothing here needs a
/// particular async runtime.
#[derive(Clone, Debug)]
pub struct Store {
    jobs: Sender<Job>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
    turned: watch::Receiver<u64>,
}

/// What a commit has brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// What was really new, in order, each said once: a change that changed nothing is not told.
    pub events: Vec<Event>,
}

/// What the writer thread owns.
pub(crate) struct Ledger {
    pub(crate) connection: Connection,
    durability: Option<Durability>,
    pub(crate) rest: Rest,
    /// After the connection: see there.
    pub(crate) scrub: Scrub,
    lists: Lists,
    turned: watch::Sender<u64>,
    _lock: File,
}

enum Job {
    Run(Box<dyn FnOnce(&mut Ledger) + Send>),
    Close,
}

impl Store {
    /// Commits changes of one account in **one** transaction: when this answers `Ok`, all of them are on the disk; else none is,
    /// and the same may be committed again.
    ///
    /// An account that is not there (any more) is [`Problem::Internal`]. A program that ends, however it ends, loses no commit. A
    /// power cut neither, but for the last ones of what the server gives again, is easily done again or is not much missed: roster,
    /// block list, pictures, names, features, lists of devices, what comes from an archive, what was read or typed, which conversations are listed, when a key
    /// was used, how many devices a message has not reached.
    ///
    /// # Errors
    ///
    /// [`Problem::DiskFull`], [`Problem::DiskReadOnly`], [`Problem::DiskFailed`], [`Problem::DatabaseDamaged`],
    /// [`Problem::Internal`].
    pub async fn commit(&self, account: AccountId, changes: Vec<Change>) -> Result<Committed, Problem> {
        self.run("commit", move |ledger| {
            let turns = changes.iter().any(commit::turns);
            // What is taken back is taken back in them, too.
            let mut lists = ledger.lists.clone();
            let events = ledger.write(Durability::of(&changes), |transaction| {
                commit::apply(transaction, &mut lists, account, changes)
            })?;
            ledger.lists = lists;
            if turns {
                ledger.turned.send_modify(|turned| *turned += 1);
            }
            Ok(Committed { events })
        })
        .await
    }

    /// Adds an account. When there is one with that address already, it is the one that is answered, and gets that server.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    pub async fn add_account(
        &self,
        jid: &BareJid,
        server: Option<ServerAddress>,
    ) -> Result<AccountId, Problem> {
        let jid = jid.clone();
        self.write("add_account", move |transaction| {
            let (host, port) = columns(server);
            transaction.query_row(
                "INSERT INTO account (jid, server_host, server_port, position)
                 VALUES (?1, ?2, ?3, (SELECT coalesce(max(position), -1) + 1 FROM account))
                 ON CONFLICT (jid) DO UPDATE SET server_host = ?2, server_port = ?3
                 RETURNING id",
                params![jid.as_str(), host, port],
                |row| row.get(0).map(AccountId),
            )
        })
        .await
    }

    /// Removes an account with all its messages, contacts, keys and pictures, and the copies that were kept of the database as older
    /// programs left it, in which they would still be. Takes seconds when there is much.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    pub async fn remove_account(&self, account: AccountId) -> Result<(), Problem> {
        self.run("remove_account", move |ledger| {
            ledger.write(Durability::PowerCut, |transaction| {
                // Taking the words of many messages out of the index one by one takes far longer than putting it together anew,
                // which leaves them out too.
                transaction.execute_batch(
                    "INSERT INTO message_text (message_text, rank) VALUES ('secure-delete', 0)",
                )?;
                transaction.execute("DELETE FROM account WHERE id = ?1", [account.0])?;
                commit::drop_unused_avatars(transaction)?;
                transaction.execute_batch(
                    "INSERT INTO message_text (message_text) VALUES ('optimize');
                     INSERT INTO message_text (message_text, rank) VALUES ('secure-delete', 1);",
                )
            })?;
            ledger.erase_all(None)?;
            if let Some(database) = ledger.connection.path()
                && let Err(error) = migrate::remove_copies(Path::new(database), migrate::STEPS.len())
            {
                tracing::warn!(%error, "a copy of the database as it was before stays");
            }
            Ok(())
        })
        .await
    }

    /// Puts the accounts into this order. Those that are not named follow, as they were.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    pub async fn set_order(&self, accounts: Vec<AccountId>) -> Result<(), Problem> {
        self.write("set_order", move |transaction| {
            let count = i64::try_from(accounts.len()).unwrap_or(i64::MAX);
            transaction.execute("UPDATE account SET position = position + ?1", [count])?;
            for (position, account) in (0_i64..).zip(&accounts) {
                transaction.execute(
                    "UPDATE account SET position = ?2 WHERE id = ?1",
                    params![account.0, position],
                )?;
            }
            Ok(())
        })
        .await
    }

    /// Sets an account's colour; none takes it away.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    pub async fn set_colour(&self, account: AccountId, colour: Option<AccountColour>) -> Result<(), Problem> {
        self.write("set_colour", move |transaction| {
            let colour = colour.map(|colour| colour.code());
            transaction
                .execute("UPDATE account SET colour = ?2 WHERE id = ?1", params![account.0, colour])?;
            Ok(())
        })
        .await
    }

    /// Sets where an account connects in place of what DNS says. The same as [`Change::ServerSet`], where no brain runs.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    pub async fn set_server(&self, account: AccountId, server: Option<ServerAddress>) -> Result<(), Problem> {
        self.write("set_server", move |transaction| {
            let (host, port) = columns(server);
            transaction.execute(
                "UPDATE account SET server_host = ?2, server_port = ?3 WHERE id = ?1",
                params![account.0, host, port],
            )?;
            Ok(())
        })
        .await
    }

    /// Sets whether an account connects by itself. The same as [`Change::ActivitySet`], where no brain runs.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    pub async fn set_activity(&self, account: AccountId, activity: Activity) -> Result<(), Problem> {
        self.write("set_activity", move |transaction| {
            transaction.execute(
                "UPDATE account SET activity = ?2 WHERE id = ?1",
                params![account.0, activity.code()],
            )?;
            Ok(())
        })
        .await
    }

    /// What an account's brain starts from. It holds everything that was committed before it was asked for.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`]; [`Problem::Internal`] also when there is no such account.
    pub async fn restore(&self, account: AccountId) -> Result<Restored, Problem> {
        self.run("restore", move |ledger| {
            let transaction = ledger.connection.transaction()?;
            let restored = restore::restore(&transaction, account)?;
            transaction.rollback()?;
            Ok(restored)
        })
        .await
    }

    /// How often keys or sessions were committed since the start. Whoever waits for it to change costs nothing meanwhile; it ends with
    /// the ledger.
    #[must_use]
    pub fn turned(&self) -> watch::Receiver<u64> {
        self.turned.clone()
    }

    /// Moves everything into the database file itself and tidies up. A commit does not need this to be safe; and soon after one it
    /// is done without being asked for, because the log keeps what was replaced and deleted.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    pub async fn flush(&self) -> Result<(), Problem> {
        self.run("flush", Ledger::tidy).await
    }

    /// Ends the ledger in good order and gives the data folder back. Blocks until what was asked before is done. Other clones
    /// answer [`Problem::Internal`] from then on.
    pub fn close(self) {
        // If the thread is gone already there is nothing to end.
        let _ = self.jobs.send(Job::Close);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }

    /// Starts the thread.
    pub(crate) fn start(connection: Connection, lock: File, pace: Pace) -> Result<Self, OpenError> {
        let (jobs, work) = mpsc::channel();
        let (turning, turned) = watch::channel(0);
        let (rest, scrub, durability, lists) = (Rest::new(pace), Scrub::default(), None, Lists::default());
        let ledger = Ledger { connection, durability, rest, scrub, lists, turned: turning, _lock: lock };
        let thread = thread::Builder::new().name("ledger".to_owned()).spawn(move || ledger.serve(&work))?;
        Ok(Self { jobs, thread: Arc::new(Mutex::new(Some(thread))), turned })
    }

    /// Has the thread do something, and waits for what comes of it.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        what: &'static str,
        job: impl FnOnce(&mut Ledger) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let (answer, answered) = oneshot::channel();
        let job = move |ledger: &mut Ledger| {
            let result = job(ledger).map_err(|error| error::report(what, &error));
            // Whoever asked may not wait any more.
            let _ = answer.send(result);
        };
        self.jobs.send(Job::Run(Box::new(job))).map_err(|_| Problem::Internal)?;
        answered.await.unwrap_or(Err(Problem::Internal))
    }

    /// Has the thread write something that outlives a power cut, all of it or nothing.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        what: &'static str,
        job: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        self.run(what, move |ledger| ledger.write(Durability::PowerCut, job)).await
    }
}

impl Ledger {
    fn serve(mut self, work: &Receiver<Job>) {
        loop {
            let due = self.rest.due().map(|due| due.saturating_duration_since(Instant::now()));
            let job = match due {
                // Nothing is in the log: there is nothing to wake up for.
                None => work.recv().map_err(|_| RecvTimeoutError::Disconnected),
                // It is high time, whatever else there is to do.
                Some(Duration::ZERO) => Err(RecvTimeoutError::Timeout),
                Some(wait) => work.recv_timeout(wait),
            };
            match job {
                Ok(Job::Run(job)) => job(&mut self),
                Err(RecvTimeoutError::Timeout) => self.empty_log(Instant::now()),
                Ok(Job::Close) | Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        if let Err(error) = self.tidy() {
            error::report("close", &error);
        }
    }

    /// Does something in one transaction, all of it or nothing.
    fn write<T>(
        &mut self,
        durability: Durability,
        job: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        // SQLite changes this only between transactions.
        if self.durability != Some(durability) {
            self.durability = None;
            self.connection.pragma_update(None, "synchronous", durability.pragma())?;
            self.durability = Some(durability);
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // On an error the transaction is dropped, which rolls it back.
        let before = transaction.total_changes();
        let result = job(&transaction)?;
        let changed = transaction.total_changes() != before;
        transaction.commit()?;
        if changed {
            self.rest.changed(Instant::now());
        }
        Ok(result)
    }

    fn tidy(&mut self) -> rusqlite::Result<()> {
        self.connection.execute_batch("PRAGMA optimize")?;
        self.erase_at_the_end()
    }
}

pub(crate) fn columns(server: Option<ServerAddress>) -> (Option<String>, Option<u16>) {
    match server {
        Some(ServerAddress { host, port }) => (Some(host), Some(port)),
        None => (None, None),
    }
}
