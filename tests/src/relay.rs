//! A wire between client and server that is listened to, and can be cut.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Accepts connections on a port of its own and connects each to the server.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    connections: Vec<Heard>,
    open: Vec<TcpStream>,
    closed: bool,
    /// What clients say, and what servers answer, is heard and not handed on, until the next cut.
    mute: bool,
    deaf: bool,
    /// So many connections, the first ones, carry nothing any more, and neither end hears of it.
    lost: usize,
}

/// What a client has said on one connection, as it was on the wire.
#[derive(Clone, Debug, Default)]
pub struct Heard(pub Vec<u8>);

impl Relay {
    /// A wire to that port of this machine.
    ///
    /// # Panics
    ///
    /// When there is no port to listen on.
    pub fn to(port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("its address");
        let shared = Arc::<Mutex<Shared>>::default();
        let state = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if lock(&state).closed {
                    return;
                }
                connect(client, port, &state);
            }
        });
        Self { address, shared }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What was said by clients so far, connection by connection.
    pub fn heard(&self) -> Vec<Heard> {
        lock(&self.shared).connections.clone()
    }

    /// From now until the next cut, what clients say does not arrive.
    pub fn mute(&self) {
        lock(&self.shared).mute = true;
    }

    /// From now until the next cut, what the server says does not arrive.
    pub fn deafen(&self) {
        lock(&self.shared).deaf = true;
    }

    /// From now on the connections that are open carry nothing, and neither end hears of it. New ones can be made.
    pub fn lose(&self) {
        let mut shared = lock(&self.shared);
        shared.lost = shared.connections.len();
    }

    /// Breaks all connections that are open. New ones can be made.
    pub fn cut(&self) {
        let mut shared = lock(&self.shared);
        (shared.mute, shared.deaf) = (false, false);
        for stream in shared.open.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        lock(&self.shared).closed = true;
        self.cut();
        // Wakes the thread that listens.
        let _ = TcpStream::connect(self.address);
    }
}

impl Heard {
    /// The lengths of the TLS records with encrypted content that the client has sent; none where it never got so far.
    ///
    /// With TLS 1.3 an alert is among them: 2 bytes, which encryption makes 19.
    pub fn encrypted_records(&self) -> Vec<usize> {
        const APPLICATION_DATA: u8 = 23;
        let mut records = Vec::new();
        let mut rest = &self.0[self.start_of_tls()..];
        while let [kind, 3, _, high, low, after @ ..] = rest {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            if *kind == APPLICATION_DATA {
                records.push(length);
            }
            rest = after.get(length..).unwrap_or_default();
        }
        records
    }

    /// What was said before TLS began.
    pub fn plain(&self) -> String {
        String::from_utf8_lossy(&self.0[..self.start_of_tls()]).into_owned()
    }

    /// A handshake record with a ClientHello: type 22, version 3.x, length, and type 1.
    fn start_of_tls(&self) -> usize {
        let begins = |bytes: &[u8]| matches!(bytes, [22, 3, _, _, _, 1]);
        self.0.windows(6).position(begins).unwrap_or(self.0.len())
    }
}

fn connect(client: TcpStream, port: u16, shared: &Arc<Mutex<Shared>>) {
    // A client that finds no server is hung up on.
    let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else { return };
    let clones = (client.try_clone(), server.try_clone(), client.try_clone(), server.try_clone());
    let (Ok(from_client), Ok(to_server), Ok(open_client), Ok(open_server)) = clones else { return };
    let index = {
        let mut shared = lock(shared);
        shared.connections.push(Heard::default());
        shared.open.extend([open_client, open_server]);
        shared.connections.len() - 1
    };
    let state = Arc::clone(shared);
    let hear = move |bytes: &[u8]| {
        let mut shared = lock(&state);
        if let Some(Heard(heard)) = shared.connections.get_mut(index) {
            heard.extend_from_slice(bytes);
        }
        !shared.mute && index >= shared.lost
    };
    let state = Arc::clone(shared);
    thread::spawn(move || copy(from_client, to_server, hear));
    thread::spawn(move || {
        copy(server, client, move |_| {
            let shared = lock(&state);
            !shared.deaf && index >= shared.lost
        });
    });
}

/// Copies what `passes`.
fn copy(mut from: TcpStream, mut to: TcpStream, passes: impl Fn(&[u8]) -> bool) {
    let mut piece = [0; 16_384];
    while let Ok(count @ 1..) = from.read(&mut piece) {
        let Some(bytes) = piece.get(..count) else { break };
        if passes(bytes) && to.write_all(bytes).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
