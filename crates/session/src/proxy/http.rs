//! `CONNECT` of HTTP (RFC 9110 section 9.3.6), with Basic (RFC 7617) where a login is wanted.
//!
//! The head of the answer is read byte by byte, up to its end and no further: what comes next is the server's.

use std::net::Ipv6Addr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use causerie_model::ProxyFault;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use zeroize::Zeroizing;

use super::{Login, step};
use crate::connect::Patience;

/// The most bytes of the head of an answer.
const HEAD_BYTES: usize = 16 * 1024;

/// Has the proxy connect to a host, which it gets by name.
pub(super) async fn connect<Io: AsyncRead + AsyncWrite + Unpin>(
    io: &mut Io,
    login: Option<&Login>,
    (host, port): (&str, u16),
    patience: Patience,
) -> Result<(), ProxyFault> {
    let request = request(host, port, login)?;
    let asked = async {
        let said = async {
            io.write_all(request.as_bytes()).await?;
            io.flush().await
        };
        said.await.map_err(|_| ProxyFault::NotUnderstood)?;
        let head = head(io).await?;
        outcome(&head, login.is_some())
    };
    step(patience.proxied, ProxyFault::CannotReach, asked).await
}

fn request(host: &str, port: u16, login: Option<&Login>) -> Result<Zeroizing<String>, ProxyFault> {
    let is_address = host.parse::<Ipv6Addr>().is_ok();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if host.is_empty() || !(is_address || host.chars().all(is_name)) {
        return Err(ProxyFault::CannotReach);
    }
    let goal = if is_address { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
    let head = format!("CONNECT {goal} HTTP/1.1\r\nHost: {goal}\r\n");
    let Some(login) = login else { return Ok(Zeroizing::new(head + "\r\n")) };
    // RFC 7617 section 2: no colon in the name, no control characters in either.
    let password = login.password.reveal();
    let is_odd = |text: &str| text.chars().any(char::is_control);
    if login.user.contains(':') || is_odd(&login.user) || is_odd(password) {
        return Err(ProxyFault::Login);
    }
    let mut pair = Zeroizing::new(String::with_capacity(login.user.len() + password.len() + 1));
    pair.push_str(&login.user);
    pair.push(':');
    pair.push_str(password);
    let encoded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
    let mut request = Zeroizing::new(String::with_capacity(head.len() + encoded.len() + 64));
    request.push_str(&head);
    request.push_str("Proxy-Authorization: Basic ");
    request.push_str(&encoded);
    request.push_str("\r\n\r\n");
    Ok(request)
}

/// The head of an answer, with the empty line at its end.
async fn head<Io: AsyncRead + Unpin>(io: &mut Io) -> Result<Vec<u8>, ProxyFault> {
    let mut head = Vec::new();
    while head.len() < HEAD_BYTES {
        let byte = io.read_u8().await.map_err(|_| ProxyFault::CannotReach)?;
        head.push(byte);
        // What is no HTTP is not read on.
        if !head.starts_with(b"HTTP/") && !b"HTTP/".starts_with(&head) {
            return Err(ProxyFault::NotUnderstood);
        }
        if head.ends_with(b"\r\n\r\n") || head.ends_with(b"\n\n") {
            return Ok(head);
        }
    }
    Err(ProxyFault::NotUnderstood)
}

/// What an answer means (RFC 9110 section 15).
fn outcome(head: &[u8], has_login: bool) -> Result<(), ProxyFault> {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = std::str::from_utf8(line).map_err(|_| ProxyFault::NotUnderstood)?;
    let mut words = line.trim_end().splitn(3, ' ');
    let is_http = matches!(words.next(), Some("HTTP/1.0" | "HTTP/1.1"));
    let code = words.next().filter(|code| code.len() == 3 && code.bytes().all(|c| c.is_ascii_digit()));
    let code = code.filter(|_| is_http).and_then(|code| code.parse::<u16>().ok());
    match code {
        Some(200..=299) => Ok(()),
        Some(407) => Err(ProxyFault::Login),
        Some(401) if has_login => Err(ProxyFault::Login),
        Some(404 | 408 | 410 | 421 | 500..=599) => Err(ProxyFault::CannotReach),
        Some(400..=499) => Err(ProxyFault::Refused),
        _ => Err(ProxyFault::NotUnderstood),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_one_head() {
        let plain = request("a.onion", 5222, None).unwrap();
        assert_eq!(*plain, "CONNECT a.onion:5222 HTTP/1.1\r\nHost: a.onion:5222\r\n\r\n");
        let with = request("::1", 443, Some(&Login::of("Aladdin", "open sesame"))).unwrap();
        assert_eq!(
            *with,
            "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\
             Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"
        );
        for odd in ["a b", "a\r\nX: y", "", "a/b", "[::1]"] {
            assert_eq!(request(odd, 1, None), Err(ProxyFault::CannotReach), "{odd:?}");
        }
        for (user, password) in [("a:b", "c"), ("a\r\n", "c"), ("a", "c\n")] {
            assert_eq!(request("a", 1, Some(&Login::of(user, password))), Err(ProxyFault::Login));
        }
    }

    #[test]
    fn answers_are_read_strictly() {
        let said = |line: &str| outcome(format!("{line}\r\nX: y\r\n\r\n").as_bytes(), true);
        assert_eq!(said("HTTP/1.1 200 Connection established"), Ok(()));
        assert_eq!(said("HTTP/1.0 299"), Ok(()));
        assert_eq!(said("HTTP/1.1 407 Who are you?"), Err(ProxyFault::Login));
        assert_eq!(said("HTTP/1.1 403 No"), Err(ProxyFault::Refused));
        assert_eq!(said("HTTP/1.1 502 Bad gateway"), Err(ProxyFault::CannotReach));
        for odd in
            ["HTTP/1.1 302 Found", "HTTP/2 200", "HTTP/1.1 +20", "HTTP/1.1 2000 x", "HTTP/1.1", "SSH-2.0"]
        {
            assert_eq!(said(odd), Err(ProxyFault::NotUnderstood), "{odd}");
        }
        assert_eq!(outcome(b"HTTP/1.1 200 \xFF\r\n\r\n", false), Err(ProxyFault::NotUnderstood));
    }
}
