//! A small proxy on loopback, SOCKS5 or HTTP, that tells what it was asked for, and can die and come back.
//!
//! Every name is the same server: what is asked for is noted, not looked up.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What a proxy speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaks {
    /// RFC 1928, with a login as RFC 1929 has it.
    Socks5,
    /// `CONNECT`, with a login as RFC 7617 has it.
    Http,
}

/// A proxy in front of one server.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    speaks: Speaks,
    login: (String, String),
    port: u16,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    asked: Vec<String>,
    refused: usize,
    open: Vec<TcpStream>,
    dead: bool,
}

impl Proxy {
    /// A proxy that wants this login and leads to that port of this machine.
    ///
    /// # Panics
    ///
    /// When there is no port to listen on.
    pub fn start(speaks: Speaks, (user, password): (&str, &str), port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("its address");
        let login = (user.to_owned(), password.to_owned());
        let shared = Arc::new(Shared { speaks, login, port, state: Mutex::default() });
        let listening = Some(listen(listener, Arc::clone(&shared)));
        Self { address, shared, listening }
    }

    /// How it is named in settings and variables, with this login.
    pub fn url(&self, user: &str, password: &str) -> String {
        let scheme = match self.shared.speaks {
            Speaks::Socks5 => "socks5h",
            Speaks::Http => "http",
        };
        format!("{scheme}://{user}:{password}@{}", self.address)
    }

    /// What it was asked to connect to, in order.
    pub fn asked(&self) -> Vec<String> {
        lock(&self.shared).asked.clone()
    }

    /// How many did not know the password.
    pub fn refused(&self) -> usize {
        lock(&self.shared).refused
    }

    /// Breaks all connections and listens no more.
    pub fn die(&mut self) {
        let mut state = lock(&self.shared);
        state.dead = true;
        for stream in state.open.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
        drop(state);
        // Wakes the thread that listens.
        let _ = TcpStream::connect(self.address);
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
    }

    /// Listens again, where it did.
    ///
    /// # Panics
    ///
    /// When somebody else has the port by now.
    pub fn come_back(&mut self) {
        let listener = TcpListener::bind(self.address).expect("its port");
        lock(&self.shared).dead = false;
        self.listening = Some(listen(listener, Arc::clone(&self.shared)));
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.die();
    }
}

fn listen(listener: TcpListener, shared: Arc<Shared>) -> JoinHandle<()> {
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            if lock(&shared).dead {
                return;
            }
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let _ = serve(client, &shared);
            });
        }
    })
}

fn serve(mut client: TcpStream, shared: &Shared) -> io::Result<()> {
    let asked = match shared.speaks {
        Speaks::Socks5 => socks5(&mut client, &shared.login)?,
        Speaks::Http => http(&mut client, &shared.login)?,
    };
    let Some(goal) = asked else {
        lock(shared).refused += 1;
        return Ok(());
    };
    let reached = TcpStream::connect((Ipv4Addr::LOCALHOST, shared.port));
    lock(shared).asked.push(goal);
    let answer: &[u8] = match (shared.speaks, reached.is_ok()) {
        (Speaks::Socks5, true) => b"\x05\x00\x00\x01\0\0\0\0\0\0",
        (Speaks::Socks5, false) => b"\x05\x05\x00\x01\0\0\0\0\0\0",
        (Speaks::Http, true) => b"HTTP/1.1 200 Connection established\r\n\r\n",
        (Speaks::Http, false) => b"HTTP/1.1 502 Bad Gateway\r\n\r\n",
    };
    client.write_all(answer)?;
    let server = reached?;
    let mut state = lock(shared);
    if state.dead {
        return Ok(());
    }
    state.open.extend([client.try_clone()?, server.try_clone()?]);
    drop(state);
    let (to, from) = ((client.try_clone()?, server.try_clone()?), (server, client));
    let back = thread::spawn(move || hand_on(from));
    hand_on(to);
    let _ = back.join();
    Ok(())
}

fn hand_on((mut from, mut to): (TcpStream, TcpStream)) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}

/// Up to what is asked for; nothing where the login was wrong.
fn socks5(client: &mut TcpStream, (user, password): &(String, String)) -> io::Result<Option<String>> {
    let [_, methods] = read(client)?;
    let mut methods = vec![0; usize::from(methods)];
    client.read_exact(&mut methods)?;
    if !methods.contains(&2) {
        client.write_all(&[5, 0xFF])?;
        return Ok(None);
    }
    client.write_all(&[5, 2])?;
    let [_, length] = read(client)?;
    let mut given_user = vec![0; usize::from(length)];
    client.read_exact(&mut given_user)?;
    let [length] = read(client)?;
    let mut given_password = vec![0; usize::from(length)];
    client.read_exact(&mut given_password)?;
    let right = given_user == user.as_bytes() && given_password == password.as_bytes();
    client.write_all(&[1, u8::from(!right)])?;
    if !right {
        return Ok(None);
    }
    let [_, _, _, kind] = read(client)?;
    let host = match kind {
        1 => Ipv4Addr::from(read::<4>(client)?).to_string(),
        3 => {
            let [length] = read(client)?;
            let mut name = vec![0; usize::from(length)];
            client.read_exact(&mut name)?;
            String::from_utf8_lossy(&name).into_owned()
        }
        _ => return Err(io::Error::other("no such kind of address")),
    };
    Ok(Some(format!("{host}:{}", u16::from_be_bytes(read(client)?))))
}

fn http(client: &mut TcpStream, (user, password): &(String, String)) -> io::Result<Option<String>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let [byte] = read(client)?;
        head.push(byte);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let login = format!("Proxy-Authorization: Basic {}\r\n", STANDARD.encode(format!("{user}:{password}")));
    if !head.contains(&login) {
        client.write_all(
            b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n",
        )?;
        return Ok(None);
    }
    let goal = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next());
    goal.map(|goal| Some(goal.to_owned())).ok_or_else(|| io::Error::other("no CONNECT"))
}

fn read<const N: usize>(client: &mut TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    client.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn lock(shared: &Shared) -> MutexGuard<'_, State> {
    shared.state.lock().unwrap_or_else(PoisonError::into_inner)
}
