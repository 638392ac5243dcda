//! What an actor needs of the ledger.

use causerie_model::{AccountId, Change, Event, Problem, Restored};

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
