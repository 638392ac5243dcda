//! Whether a server serves a domain. An open port is not enough: servers listen before they know whom they serve.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

pub(super) fn serves(port: u16, domain: &str) -> bool {
    asked(port, domain).unwrap_or(false)
}

fn asked(port: u16, domain: &str) -> std::io::Result<bool> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(
        stream,
        "<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
         xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to='{domain}'>"
    )?;
    let mut heard = Vec::new();
    let mut piece = [0; 4096];
    while heard.len() < 65_536 {
        let count = stream.read(&mut piece)?;
        if count == 0 {
            break;
        }
        heard.extend_from_slice(&piece[..count]);
        if String::from_utf8_lossy(&heard).contains("features>") {
            return Ok(true);
        }
    }
    Ok(false)
}
