//! A bad wire between a client and a server: what goes over it is delayed, split, held up, lost, garbled and cut, as chance has it.
//!
//! It can be a slow one, too. What is inside is TLS, so bytes that are lost or garbled end the connection at the one who gets the next record.
//!
//! Long because what ends a connection and what carries it are read together.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::chance::Chance;
use pace::Pace;

mod pace;

/// How often somebody who is held up looks whether he may go on.
const LOOK: Duration = Duration::from_millis(10);
/// What has not happened by then, because nothing went that way, is a plain cut.
const OVERDUE: Duration = Duration::from_secs(2);

/// A wire with an end of its own to connect to.
#[derive(Debug)]
pub struct Rough {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// From the client to the server.
    Up,
    /// From the server to the client.
    Down,
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// At once, at both ends.
    Plain,
    /// After so many more bytes that way, in the midst of whatever they are.
    Within(Way, u64),
    /// So many bytes that way are lost, after so many more.
    Lose(Way, u64, u64),
    /// A byte is changed that way, after so many more.
    Garble(Way, u64),
    /// Nothing goes that way any more after so many more bytes, which its end is told; the other way goes on for that time.
    Half(Way, u64, Duration),
    /// Nothing goes either way, which nobody is told, for that time; then it is cut.
    Silent(Duration),
    /// The server's end is gone, and the client's is not told.
    Gone,
    /// The client's end is gone, and the server hears of it that much later: what was on its way to it still comes.
    Late(Duration),
}

#[derive(Debug, Default)]
struct Shared {
    next: u64,
    open: BTreeMap<u64, Line>,
    /// Whether bytes are delayed and split.
    rough: bool,
    closed: bool,
    /// Nothing goes on, on whatever connection.
    frozen: bool,
    /// How much goes over it, where that is little.
    pace: Option<Pace>,
    cuts: usize,
    /// How many bytes went over it.
    carried: u64,
}

/// A connection.
#[derive(Debug)]
struct Line {
    client: TcpStream,
    server: TcpStream,
    /// Until when nothing goes on, by way.
    held: [Option<Instant>; 2],
    /// Whether all has been said that way.
    said: [bool; 2],
    ordered: Option<(Cut, Instant)>,
    /// Bytes that go on before the order is followed.
    left: u64,
}

impl Rough {
    /// A wire to that port of this machine. `seed` decides how rough it is when it is.
    ///
    /// # Panics
    ///
    /// When there is no port to listen on.
    pub fn to(port: u16, seed: u64) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("its address");
        let shared = Arc::<Mutex<Shared>>::default();
        let state = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if lock(&state).closed {
                    return;
                }
                connect(client, port, seed, &state);
            }
        });
        Self { address, shared }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Whether bytes are delayed and split from now on.
    pub fn set_rough(&self, rough: bool) {
        lock(&self.shared).rough = rough;
    }

    /// Whether nothing goes on from now on, either way, on whatever connection.
    pub fn set_frozen(&self, frozen: bool) {
        lock(&self.shared).frozen = frozen;
    }

    /// So many bytes a second go each way from now on, for a while or until [`Self::speed_up`].
    pub fn slow_down(&self, rate: u64, time: Option<Duration>) {
        lock(&self.shared).pace = Some(Pace::new(rate, time));
    }

    /// It is as fast as it can be from now on.
    pub fn speed_up(&self) {
        lock(&self.shared).pace = None;
    }

    /// Whether there is a connection.
    pub fn is_open(&self) -> bool {
        !lock(&self.shared).open.is_empty()
    }

    /// How many connections have ended because they were cut.
    pub fn cuts(&self) -> usize {
        lock(&self.shared).cuts
    }

    /// How many bytes went over it.
    pub fn carried(&self) -> u64 {
        lock(&self.shared).carried
    }

    /// Holds up what goes that way for a while. Nothing is lost.
    pub fn hold(&self, way: Way, time: Duration) {
        let until = Instant::now() + time;
        for line in lock(&self.shared).open.values_mut() {
            line.held[index(way)] = Some(until);
        }
    }

    /// Cuts the connection. Says whether there was one that was not to be cut anyway.
    pub fn cut(&self, cut: Cut) -> bool {
        let mut shared = lock(&self.shared);
        let Some((&number, line)) = shared.open.last_key_value().filter(|(_, line)| line.ordered.is_none())
        else {
            return false;
        };
        let mut hold = None;
        let left = match cut {
            Cut::Plain => {
                line.shut();
                0
            }
            Cut::Silent(time) => {
                hold = Some(time);
                0
            }
            Cut::Gone => {
                let _ = line.server.shutdown(Shutdown::Both);
                0
            }
            Cut::Late(_) => {
                let _ = line.client.shutdown(Shutdown::Both);
                0
            }
            Cut::Within(_, left) | Cut::Lose(_, left, _) | Cut::Garble(_, left) | Cut::Half(_, left, _) => {
                left
            }
        };
        shared.cuts += 1;
        if let Some(line) = shared.open.get_mut(&number) {
            line.ordered = Some((cut, Instant::now()));
            line.left = left;
            // Longer than until it is cut: nothing of it ever arrives.
            line.held = [hold.map(|time| Instant::now() + time + OVERDUE); 2];
        }
        if cut == Cut::Gone {
            // Until the client gives it up.
            return true;
        }
        let state = Arc::clone(&self.shared);
        let until = match cut {
            Cut::Silent(time) | Cut::Late(time) => time,
            Cut::Half(_, _, time) => time + OVERDUE,
            _ => OVERDUE,
        };
        thread::spawn(move || {
            thread::sleep(until);
            if let Some(line) = lock(&state).open.remove(&number) {
                line.shut();
            }
        });
        true
    }

    /// Ends all connections, as the end of a network would.
    pub fn end(&self) {
        for line in std::mem::take(&mut lock(&self.shared).open).values() {
            line.shut();
        }
    }
}

impl Drop for Rough {
    fn drop(&mut self) {
        lock(&self.shared).closed = true;
        self.end();
        // Wakes the thread that listens.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn pace(&self) -> Option<Pace> {
        self.pace.filter(|pace| !pace.is_over())
    }
}

impl Line {
    fn shut(&self) {
        let _ = self.client.shutdown(Shutdown::Both);
        let _ = self.server.shutdown(Shutdown::Both);
    }
}

/// What becomes of a piece of what was said.
enum Fate {
    /// It goes on, changed perhaps.
    Pass(Vec<u8>),
    /// It goes on, and nothing after it.
    Last(Vec<u8>),
}

fn connect(client: TcpStream, port: u16, seed: u64, shared: &Arc<Mutex<Shared>>) {
    // A client that finds no server is hung up on.
    let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else { return };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let clones = (client.try_clone(), server.try_clone(), client.try_clone(), server.try_clone());
    let (Ok(from_client), Ok(to_server), Ok(open_client), Ok(open_server)) = clones else { return };
    let number = {
        let mut shared = lock(shared);
        let number = shared.next;
        shared.next += 1;
        let (held, said, ordered) = ([None; 2], [false; 2], None);
        let line = Line { client: open_client, server: open_server, held, said, ordered, left: 0 };
        shared.open.insert(number, line);
        number
    };
    for (way, from, to) in [(Way::Up, from_client, to_server), (Way::Down, server, client)] {
        let shared = Arc::clone(shared);
        let chance = Chance::of(seed, number * 2 + u64::from(way == Way::Down));
        thread::spawn(move || carry((from, to), (way, number), chance, &shared));
    }
}

/// Carries what is said one way, until it ends.
fn carry(
    (mut from, mut to): (TcpStream, TcpStream),
    (way, number): (Way, u64),
    mut chance: Chance,
    shared: &Mutex<Shared>,
) {
    let mut piece = [0; 16_384];
    let mut is_half = false;
    let mut is_said = false;
    loop {
        let most = lock(shared).pace().map_or(piece.len(), |pace| pace.piece().min(piece.len()));
        let bytes = match from.read(piece.get_mut(..most).unwrap_or_default()) {
            Ok(count @ 1..) => piece.get(..count).unwrap_or_default(),
            ended => {
                is_said = ended.is_ok();
                break;
            }
        };
        trickle(shared, number, bytes.len());
        wait(shared, way, number);
        let (bytes, last) = match fate(shared, (way, number), bytes) {
            Fate::Pass(bytes) => (bytes, false),
            Fate::Last(bytes) => (bytes, true),
        };
        if say(&mut to, &bytes, lock(shared).rough.then_some(&mut chance)).is_err() {
            break;
        }
        if last {
            is_half = true;
            break;
        }
    }
    let ordered = lock(shared).open.get(&number).and_then(|line| line.ordered);
    if let Some((Cut::Gone, _)) = ordered {
        // What the client says goes nowhere, until it says no more.
        while way == Way::Up && matches!(from.read(&mut piece), Ok(1..)) {}
        if way == Way::Down {
            return;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
    is_half &= matches!(ordered, Some((Cut::Half(..), _)));
    // Whoever has said all may still listen.
    is_half |= is_said && !matches!(ordered, Some((Cut::Gone, _))) && !is_over(shared, way, number);
    let line = if is_half { None } else { take(shared, way, number) };
    if let Some(line) = line {
        line.shut();
    }
}

/// Notes that all was said that way. Says whether it was the other way, too.
fn is_over(shared: &Mutex<Shared>, way: Way, number: u64) -> bool {
    let mut shared = lock(shared);
    let Some(line) = shared.open.get_mut(&number) else { return true };
    line.said[index(way)] = true;
    line.said == [true; 2]
}

/// Takes a connection of which one end is gone, unless the other end is to hear of it later.
fn take(shared: &Mutex<Shared>, way: Way, number: u64) -> Option<Line> {
    let mut shared = lock(shared);
    let is_late = way == Way::Up
        && shared.open.get(&number).is_some_and(|line| matches!(line.ordered, Some((Cut::Late(_), _))));
    if is_late { None } else { shared.open.remove(&number) }
}

/// Waits as long as so many bytes take on a slow wire.
fn trickle(shared: &Mutex<Shared>, number: u64, count: usize) {
    let began = Instant::now();
    loop {
        {
            let shared = lock(shared);
            let takes = shared.pace().map_or(Duration::ZERO, |pace| pace.takes(count));
            if began.elapsed() >= takes || !shared.open.contains_key(&number) {
                return;
            }
        }
        thread::sleep(LOOK);
    }
}

/// Waits as long as what goes that way is held up.
fn wait(shared: &Mutex<Shared>, way: Way, number: u64) {
    loop {
        {
            let shared = lock(shared);
            let line = shared.open.get(&number);
            let until = line.and_then(|line| line.held[index(way)]);
            if line.is_none() || !shared.frozen && until.is_none_or(|until| until <= Instant::now()) {
                return;
            }
        }
        thread::sleep(LOOK);
    }
}

fn fate(shared: &Mutex<Shared>, (way, number): (Way, u64), bytes: &[u8]) -> Fate {
    let mut shared = lock(shared);
    let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    shared.carried += count;
    let Some(line) = shared.open.get_mut(&number) else { return Fate::Last(Vec::new()) };
    let Some((cut, _)) = line.ordered else { return Fate::Pass(bytes.to_vec()) };
    let (Cut::Within(to, _) | Cut::Lose(to, ..) | Cut::Garble(to, _) | Cut::Half(to, ..)) = cut else {
        return Fate::Pass(bytes.to_vec());
    };
    if to != way {
        return Fate::Pass(bytes.to_vec());
    }
    if line.left >= count {
        line.left -= count;
        return Fate::Pass(bytes.to_vec());
    }
    let at = usize::try_from(line.left).unwrap_or_default();
    let (before, after) = bytes.split_at(at);
    match cut {
        Cut::Lose(_, _, lost) => {
            // The rest of them, if there are more, from what comes next.
            let now = after.len().min(usize::try_from(lost).unwrap_or(usize::MAX));
            let rest = lost - u64::try_from(now).unwrap_or(lost);
            line.left = if rest == 0 { u64::MAX } else { 0 };
            if let Some((cut, _)) = &mut line.ordered {
                *cut = Cut::Lose(way, 0, rest);
            }
            Fate::Pass([before, after.get(now..).unwrap_or_default()].concat())
        }
        Cut::Garble(..) => {
            line.left = u64::MAX;
            let mut bytes = bytes.to_vec();
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 0x20;
            }
            Fate::Pass(bytes)
        }
        _ => Fate::Last(before.to_vec()),
    }
}

/// Hands bytes on: on a rough wire late, and in pieces.
fn say(to: &mut TcpStream, bytes: &[u8], chance: Option<&mut Chance>) -> std::io::Result<()> {
    let Some(chance) = chance else { return to.write_all(bytes) };
    if chance.in_hundred(10) {
        thread::sleep(chance.millis(5, 80));
    }
    let mut rest = bytes;
    if chance.in_hundred(20) {
        for _ in 0..chance.below(4) {
            let (now, later) = rest.split_at(chance.place(rest.len()));
            to.write_all(now)?;
            thread::sleep(chance.millis(1, 20));
            rest = later;
        }
    }
    to.write_all(rest)
}

fn index(way: Way) -> usize {
    usize::from(way == Way::Down)
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that says everything back.
    fn echo() -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                thread::spawn(move || {
                    let mut back = stream.try_clone().unwrap();
                    let _ = std::io::copy(&mut stream, &mut back);
                    let _ = back.shutdown(Shutdown::Write);
                });
            }
        });
        port
    }

    fn said_back(wire: &Rough, cut: Option<Cut>) -> Vec<u8> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, wire.port())).unwrap();
        stream.write_all(b"hello").unwrap();
        let mut first = [0; 5];
        stream.read_exact(&mut first).unwrap();
        cut.into_iter().for_each(|cut| assert!(wire.cut(cut)));
        let _ = stream.write_all(b"0123456789").and_then(|()| stream.shutdown(Shutdown::Write));
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        rest
    }

    #[test]
    fn it_does_what_it_is_told() {
        let wire = Rough::to(echo(), 1);
        wire.set_rough(true);
        assert_eq!(said_back(&wire, None), b"0123456789");
        assert_eq!(said_back(&wire, Some(Cut::Plain)), b"");
        assert_eq!(said_back(&wire, Some(Cut::Within(Way::Down, 4))), b"0123");
        assert_eq!(said_back(&wire, Some(Cut::Lose(Way::Up, 2, 3))), b"0156789");
        assert_eq!(
            said_back(&wire, Some(Cut::Garble(Way::Down, 1))),
            b"0\x1123456789"[..2].iter().chain(b"23456789").copied().collect::<Vec<u8>>()
        );
        assert_eq!(said_back(&wire, Some(Cut::Silent(Duration::from_millis(50)))), b"");
        assert_eq!(wire.cuts(), 5);
        wire.slow_down(100, None);
        assert_eq!(said_back(&wire, None), b"0123456789");
        wire.speed_up();
        assert_eq!(said_back(&wire, None), b"0123456789");
    }
}
