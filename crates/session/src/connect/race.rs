//! Reaches the first of several addresses that answers (RFC 8305 section 5).

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use causerie_model::Problem;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::net::TcpStream;
use tokio::time::sleep;

/// Begins with the first address, and with one more whenever `stagger` has passed or one has failed.
pub(crate) async fn connect(addresses: Vec<SocketAddr>, stagger: Duration) -> Result<TcpStream, Problem> {
    let mut addresses = addresses.into_iter();
    let mut running = FuturesUnordered::new();
    let mut told = Problem::UnknownHost;
    loop {
        match addresses.next() {
            Some(address) => running.push(TcpStream::connect(address)),
            None if running.is_empty() => return Err(told),
            None => {}
        }
        tokio::select! {
            Some(ended) = running.next() => match ended {
                Ok(tcp) => {
                    if let Err(error) = tcp.set_nodelay(true) {
                        tracing::debug!(%error, "no TCP_NODELAY");
                    }
                    return Ok(tcp);
                }
                Err(error) => told = problem(&error),
            },
            () = sleep(stagger), if addresses.len() > 0 => {}
        }
    }
}

fn problem(error: &io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Problem::ConnectionRefused,
        io::ErrorKind::TimedOut => Problem::TimedOut,
        io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => Problem::NoNetwork,
        _ => Problem::ConnectionLost,
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_dead_address_does_not_hold_up_a_living_one() {
        let living = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let refused = closed.local_addr().unwrap();
        drop(closed);
        let address = living.local_addr().unwrap();
        // A refusal begins the next at once, without waiting for the stagger.
        let long = Duration::from_secs(3600);
        let tcp = connect(vec![refused, refused, address], long).await.unwrap();
        assert_eq!(tcp.peer_addr().unwrap(), address);
        assert_eq!(connect(vec![refused], long).await.unwrap_err(), Problem::ConnectionRefused);
        assert_eq!(connect(Vec::new(), long).await.unwrap_err(), Problem::UnknownHost);
    }
}
