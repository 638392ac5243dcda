//! SOCKS5 (RFC 1928), with user and password where wanted (RFC 1929).
//!
//! Answers have a length that is known before they are read, and no more than that is taken: what comes next is the server's.

use std::net::IpAddr;

use causerie_model::ProxyFault;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use zeroize::Zeroizing;

use super::{Login, step};
use crate::connect::Patience;

const VERSION: u8 = 5;
const NO_LOGIN: u8 = 0;
const WITH_PASSWORD: u8 = 2;
const NONE_WILL_DO: u8 = 0xFF;
const CONNECT: u8 = 1;
/// Of RFC 1929.
const LOGIN_VERSION: u8 = 1;

/// Has the proxy connect to a host, which it gets by name.
pub(super) async fn connect<Io: AsyncRead + AsyncWrite + Unpin>(
    io: &mut Io,
    login: Option<&Login>,
    (host, port): (&str, u16),
    patience: Patience,
) -> Result<(), ProxyFault> {
    let request = request(host, port).ok_or(ProxyFault::CannotReach)?;
    let words = login.map(|login| words(login).ok_or(ProxyFault::Login)).transpose()?;
    let greeted = async {
        let mut chosen = [0; 2];
        exchange(io, greeting(login.is_some()), &mut chosen, ProxyFault::NotUnderstood).await?;
        method(chosen, login.is_some())
    };
    if step(patience.header, ProxyFault::Unreachable, greeted).await? == WITH_PASSWORD {
        let admitted = async {
            let mut answer = [0; 2];
            let words = words.ok_or(ProxyFault::Login)?;
            exchange(io, &words, &mut answer, ProxyFault::Login).await?;
            admitted(answer)
        };
        step(patience.header, ProxyFault::Unreachable, admitted).await?;
    }
    let connected = async {
        let mut head = [0; 4];
        exchange(io, &request, &mut head, ProxyFault::CannotReach).await?;
        let mut first = [0; 1];
        read(io, &mut first, ProxyFault::NotUnderstood).await?;
        let [first] = first;
        // The address that it has bound, and its port: of no use here.
        let mut rest = vec![0; rest(head, first)?];
        read(io, &mut rest, ProxyFault::NotUnderstood).await
    };
    step(patience.proxied, ProxyFault::CannotReach, connected).await
}

/// Which ways of signing in we know (section 3).
fn greeting(has_login: bool) -> &'static [u8] {
    if has_login { &[VERSION, 2, NO_LOGIN, WITH_PASSWORD] } else { &[VERSION, 1, NO_LOGIN] }
}

/// Which of them it is to be.
fn method(answer: [u8; 2], has_login: bool) -> Result<u8, ProxyFault> {
    match answer {
        [VERSION, NO_LOGIN] => Ok(NO_LOGIN),
        [VERSION, WITH_PASSWORD] if has_login => Ok(WITH_PASSWORD),
        [VERSION, NONE_WILL_DO] => Err(ProxyFault::Login),
        _ => Err(ProxyFault::NotUnderstood),
    }
}

/// Name and password (RFC 1929 section 2), where both fit.
fn words(login: &Login) -> Option<Zeroizing<Vec<u8>>> {
    let (user, password) = (login.user.as_bytes(), login.password.reveal().as_bytes());
    let length = |bytes: &[u8]| u8::try_from(bytes.len()).ok().filter(|length| *length > 0);
    let (user_length, password_length) = (length(user)?, length(password)?);
    let mut words = Zeroizing::new(Vec::with_capacity(user.len() + password.len() + 3));
    words.extend([LOGIN_VERSION, user_length]);
    words.extend_from_slice(user);
    words.push(password_length);
    words.extend_from_slice(password);
    Some(words)
}

/// Whether they were right. Any status but 0 is a no.
fn admitted(answer: [u8; 2]) -> Result<(), ProxyFault> {
    match answer {
        [LOGIN_VERSION, 0] => Ok(()),
        [LOGIN_VERSION, _] => Err(ProxyFault::Login),
        _ => Err(ProxyFault::NotUnderstood),
    }
}

/// Where to connect (sections 4 and 5), where the name fits.
fn request(host: &str, port: u16) -> Option<Vec<u8>> {
    let mut request = vec![VERSION, CONNECT, 0];
    match host.parse() {
        Ok(IpAddr::V4(address)) => {
            request.push(1);
            request.extend(address.octets());
        }
        Ok(IpAddr::V6(address)) => {
            request.push(4);
            request.extend(address.octets());
        }
        Err(_) => {
            let length = u8::try_from(host.len()).ok().filter(|length| *length > 0)?;
            request.extend([3, length]);
            request.extend(host.bytes());
        }
    }
    request.extend(port.to_be_bytes());
    Some(request)
}

/// How much there is of an answer behind its first five bytes, when it is a yes (section 6). Codes from 0xF0 on are Tor's, about
/// onion services.
fn rest(head: [u8; 4], first: u8) -> Result<usize, ProxyFault> {
    let [VERSION, reply, _, kind] = head else { return Err(ProxyFault::NotUnderstood) };
    match reply {
        0 => {}
        2 => return Err(ProxyFault::Refused),
        1 | 3..=6 | 8 | 0xF0..=0xF7 => return Err(ProxyFault::CannotReach),
        _ => return Err(ProxyFault::NotUnderstood),
    }
    match kind {
        1 => Ok(4 - 1 + 2),
        3 => Ok(usize::from(first) + 2),
        4 => Ok(16 - 1 + 2),
        _ => Err(ProxyFault::NotUnderstood),
    }
}

async fn exchange<Io: AsyncRead + AsyncWrite + Unpin>(
    io: &mut Io,
    say: &[u8],
    answer: &mut [u8],
    end: ProxyFault,
) -> Result<(), ProxyFault> {
    let said = async {
        io.write_all(say).await?;
        io.flush().await
    };
    said.await.map_err(|_| end)?;
    read(io, answer, end).await
}

/// Reads so much; `end` is what it means when the proxy closes before.
async fn read<Io: AsyncRead + Unpin>(
    io: &mut Io,
    bytes: &mut [u8],
    end: ProxyFault,
) -> Result<(), ProxyFault> {
    io.read_exact(bytes).await.map(drop).map_err(|_| end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_as_the_rfcs_have_it() {
        assert_eq!(greeting(false), [5, 1, 0]);
        assert_eq!(greeting(true), [5, 2, 0, 2]);
        assert_eq!(words(&Login::of("me", "pw!")).unwrap()[..], *b"\x01\x02me\x03pw!");
        assert_eq!(request("a.onion", 5222).unwrap(), b"\x05\x01\x00\x03\x07a.onion\x14\x66");
        assert_eq!(request("10.0.0.1", 1).unwrap(), b"\x05\x01\x00\x01\x0a\x00\x00\x01\x00\x01");
        assert_eq!(request("::1", 443).unwrap()[..5], *b"\x05\x01\x00\x04\x00");
        assert_eq!(request(&"a".repeat(256), 1), None);
        assert_eq!(request("", 1), None);
        assert!(words(&Login::of("", "x")).is_none() && words(&Login::of("x", &"y".repeat(256))).is_none());
    }

    #[test]
    fn answers_are_read_strictly() {
        assert_eq!(method([5, 0], false), Ok(0));
        assert_eq!(method([5, 2], true), Ok(2));
        assert_eq!(method([5, 0xFF], true), Err(ProxyFault::Login));
        for odd in [[5, 2], [5, 1], [4, 0], [0, 0], *b"HT"] {
            assert_eq!(method(odd, false), Err(ProxyFault::NotUnderstood), "{odd:?}");
        }
        assert_eq!(admitted([1, 0]), Ok(()));
        assert_eq!(admitted([1, 7]), Err(ProxyFault::Login));
        assert_eq!(admitted([5, 0]), Err(ProxyFault::NotUnderstood));
        assert_eq!(rest([5, 0, 0, 1], 9), Ok(5));
        assert_eq!(rest([5, 0, 0, 3], 255), Ok(257));
        assert_eq!(rest([5, 0, 0, 4], 9), Ok(17));
        assert_eq!(rest([5, 0, 0, 2], 9), Err(ProxyFault::NotUnderstood));
        assert_eq!(rest([5, 2, 0, 1], 9), Err(ProxyFault::Refused));
        for reply in [1, 3, 4, 5, 6, 8, 0xF0, 0xF7] {
            assert_eq!(rest([5, reply, 0, 1], 9), Err(ProxyFault::CannotReach), "{reply}");
        }
        assert_eq!(rest([5, 7, 0, 1], 9), Err(ProxyFault::NotUnderstood));
        assert_eq!(rest(*b"HTTP", 9), Err(ProxyFault::NotUnderstood));
    }
}
