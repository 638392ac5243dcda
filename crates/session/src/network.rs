//! When this machine is on another network than before.
//!
//! The system is asked to say so (netlink, `NotifyIpInterfaceChange`, SystemConfiguration): nothing is looked at in between, and
//! an idle program stays idle.

use std::collections::BTreeSet;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use futures::Stream;
use futures::stream::{self, StreamExt};
use if_watch::IfEvent;
use if_watch::tokio::IfWatcher;
use tokio::time::timeout;

/// Addresses come one after the other: the network has changed when none has come or gone for so long.
const SETTLED: Duration = Duration::from_secs(1);
/// Where they come and go all the time, it has changed all the same after so many.
const RESTLESS: usize = 64;

/// Tells each time that the machine has settled with other addresses than before: a network was joined, left or changed. Where
/// the system does not tell, this does not either.
///
/// To be polled inside a tokio runtime.
pub fn changes() -> impl Stream<Item = ()> + Send + 'static {
    // The system is asked at the first poll: not where the stream is made, but where it runs.
    stream::once(async { IfWatcher::new() }).flat_map(|watcher| match watcher {
        Ok(watcher) => settled(watcher).boxed(),
        Err(error) => {
            tracing::warn!(%error, "the system doesn't tell when the network changes");
            stream::empty().boxed()
        }
    })
}

fn settled(
    events: impl Stream<Item = io::Result<IfEvent>> + Send + Unpin + 'static,
) -> impl Stream<Item = ()> + Send {
    let start = (events, BTreeSet::new());
    stream::unfold(start, |(mut events, mut addresses)| async move {
        loop {
            let before = addresses.clone();
            take(events.next().await?, &mut addresses);
            for _ in 1..RESTLESS {
                let Ok(event) = timeout(SETTLED, events.next()).await else { break };
                take(event?, &mut addresses);
            }
            if addresses != before {
                return Some(((), (events, addresses)));
            }
        }
    })
}

fn take(event: io::Result<IfEvent>, addresses: &mut BTreeSet<IpAddr>) {
    match event {
        Ok(IfEvent::Up(net)) if leads_out(net.addr()) => {
            addresses.insert(net.addr());
        }
        Ok(IfEvent::Up(_)) => {}
        Ok(IfEvent::Down(net)) => {
            addresses.remove(&net.addr());
        }
        Err(error) => tracing::debug!(%error, "a change of the network was not understood"),
    }
}

/// Whether others than this machine and its neighbours can be reached from an address.
fn leads_out(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            !address.is_loopback() && !address.is_link_local() && !address.is_unspecified()
        }
        IpAddr::V6(address) => {
            !address.is_loopback() && !address.is_unicast_link_local() && !address.is_unspecified()
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::channel::mpsc::{UnboundedSender, unbounded};

    use super::*;

    fn up(text: &str) -> io::Result<IfEvent> {
        Ok(IfEvent::Up(text.parse().unwrap()))
    }

    fn down(text: &str) -> io::Result<IfEvent> {
        Ok(IfEvent::Down(text.parse().unwrap()))
    }

    /// What was told until all was quiet.
    async fn told(
        sender: &UnboundedSender<io::Result<IfEvent>>,
        changes: &mut (impl Stream<Item = ()> + Unpin),
        events: Vec<io::Result<IfEvent>>,
    ) -> usize {
        events.into_iter().for_each(|event| sender.unbounded_send(event).unwrap());
        let mut count = 0;
        while timeout(SETTLED * 10, changes.next()).await.is_ok() {
            count += 1;
        }
        count
    }

    #[tokio::test(start_paused = true)]
    async fn a_network_that_is_joined_or_left_is_told_once() {
        let (sender, events) = unbounded();
        let mut changes = Box::pin(settled(events));
        let wired = || up("192.0.2.7/24");
        // Both kinds of address of one network are one change.
        assert_eq!(told(&sender, &mut changes, vec![wired(), up("2001:db8::7/64")]).await, 1);
        assert_eq!(told(&sender, &mut changes, vec![wired(), wired()]).await, 0);
        assert_eq!(told(&sender, &mut changes, vec![down("192.0.2.7/24")]).await, 1);
        // Gone and back within a moment is nothing that a connection would not outlive.
        assert_eq!(told(&sender, &mut changes, vec![down("2001:db8::7/64"), up("2001:db8::7/64")]).await, 0);
        assert_eq!(told(&sender, &mut changes, vec![up("203.0.113.9/24")]).await, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn what_leads_nowhere_and_what_is_not_understood_is_no_change() {
        let (sender, events) = unbounded();
        let mut changes = Box::pin(settled(events));
        let inner = ["127.0.0.1/8", "::1/128", "169.254.3.4/16", "fe80::7/64"].map(up);
        assert_eq!(told(&sender, &mut changes, inner.into()).await, 0);
        assert_eq!(told(&sender, &mut changes, vec![Err(io::Error::other("odd"))]).await, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_system_that_stops_telling_is_the_end() {
        let (sender, events) = unbounded();
        drop(sender);
        assert_eq!(Box::pin(settled(events)).next().await, None);
    }
}
