//! What may wait is done beside the GUI's thread.

use iced::Task;

use crate::platform::credentials::Fault;

/// Does something with the keyring, which somebody may have to unlock; whoever does not is not waited for without an end.
pub(in crate::app) fn with_keyring(
    work: impl FnOnce() -> Result<(), Fault> + Send + 'static,
) -> Task<Result<(), Fault>> {
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);
    Task::future(async move {
        let done = tokio::time::timeout(PATIENCE, tokio::task::spawn_blocking(work)).await;
        done.map_or(Err(Fault::Locked), |done| done.unwrap_or(Err(Fault::Failed)))
    })
}

/// Does something that may wait, beside the GUI's thread.
pub(in crate::app) fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
    otherwise: T,
) -> Task<T> {
    Task::future(async move { tokio::task::spawn_blocking(work).await.unwrap_or(otherwise) })
}
