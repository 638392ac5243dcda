//! What an actor needs of the ledger.

use causerie_model::{AccountId, Change, Event, Problem, Restored};
use causerie_store::Store;

/// Where changes are kept.
pub trait Ledger: Send + 'static {
    /// What the account's brain starts from.
    fn restore(&self, account: AccountId) -> impl Future<Output = Result<Restored, Problem>>;

    /// Commits all of the changes or none. Gives the events of what was really new.
    fn commit(
        &self,
        account: AccountId,
        changes: &[Change],
    ) -> impl Future<Output = Result<Vec<Event>, Problem>>;
}

impl Ledger for Store {
    async fn restore(&self, account: AccountId) -> Result<Restored, Problem> {
        Store::restore(self, account).await
    }

    async fn commit(&self, account: AccountId, changes: &[Change]) -> Result<Vec<Event>, Problem> {
        Ok(Store::commit(self, account, changes.to_vec()).await?.events)
    }
}
