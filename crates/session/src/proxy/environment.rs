//! What the environment says about proxies. There is no standard; this is what most programs take the variables for.

use std::net::IpAddr;

use causerie_model::{Password, Problem, ProxyFault};
use url::Url;

use super::{Login, Proxy, ProxyKind, Purpose};

/// The longest value that is read, in bytes.
const LONGEST: usize = 4096;

/// The proxy on the way to a host, if there is one.
pub(super) fn proxy(
    variable: impl Fn(&str) -> Option<String>,
    host: &str,
    purpose: Purpose,
) -> Result<Option<Proxy>, Problem> {
    let get = |small: &str| {
        let capitals = small.to_ascii_uppercase();
        variable(small).or_else(|| variable(&capitals)).filter(|value| !value.trim().is_empty())
    };
    let names = match purpose {
        Purpose::Stream => ["all_proxy", "https_proxy"],
        Purpose::Page => ["https_proxy", "all_proxy"],
    };
    let Some(value) = names.into_iter().find_map(get) else { return Ok(None) };
    if is_this_machine(host) || get("no_proxy").is_some_and(|list| is_excepted(host, &list)) {
        return Ok(None);
    }
    match parse(&value) {
        Some(proxy) => Ok(Some(proxy)),
        None => {
            tracing::warn!("the environment names a proxy that isn't understood");
            Err(Problem::Proxy(ProxyFault::Unknown))
        }
    }
}

/// Reads the address of a proxy. One without a scheme is HTTP, as everywhere.
pub(super) fn parse(text: &str) -> Option<Proxy> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let url = Url::parse(&with_scheme).ok()?;
    let kind = match url.scheme() {
        "socks5" | "socks5h" | "socks" => ProxyKind::Socks5,
        "http" => ProxyKind::Http,
        _ => return None,
    };
    let host = url.host_str().filter(|host| !host.is_empty())?;
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host).to_owned();
    let user = unescaped(url.username())?;
    let password = unescaped(url.password().unwrap_or_default())?;
    let login = (!user.is_empty()).then(|| Login { user, password: Password::new(password) });
    let port = url.port().unwrap_or_else(|| kind.usual_port());
    (port != 0).then_some(Proxy { kind, host, port, login })
}

/// Undoes the escapes of an URL (RFC 3986 section 2.1).
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn is_this_machine(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether a list of exceptions names a host.
fn is_excepted(host: &str, list: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let address = host.parse::<IpAddr>().ok();
    list.split([',', ' ']).map(str::trim).filter(|entry| !entry.is_empty()).any(|entry| {
        if entry == "*" {
            return true;
        }
        if let Some(address) = address {
            return is_in(address, entry);
        }
        let domain = entry.trim_start_matches("*.").trim_start_matches('.').to_ascii_lowercase();
        let domain = domain.trim_end_matches('.');
        let below = host.strip_suffix(domain);
        !domain.is_empty() && below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
    })
}

/// Whether an address is this one, or of this network.
fn is_in(address: IpAddr, entry: &str) -> bool {
    let (network, length) = match entry.split_once('/') {
        Some((network, length)) => (network, length.parse::<u32>().ok()),
        None => (entry, Some(128)),
    };
    let network = network.trim_start_matches('[').trim_end_matches(']');
    let Some((network, length)) = network.parse::<IpAddr>().ok().zip(length) else { return false };
    let (one, other, size) = match (address, network) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (u128::from(one.to_bits()), u128::from(other.to_bits()), 32),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits(), other.to_bits(), 128),
        _ => return false,
    };
    let rest = size - length.min(size);
    let cut = |bits: u128| bits.checked_shr(rest).unwrap_or_default();
    cut(one) == cut(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(variables: &[(&str, &str)], host: &str, purpose: Purpose) -> Result<Option<String>, Problem> {
        let get = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let proxy = proxy(get, host, purpose)?;
        Ok(proxy.map(|proxy| format!("{:?} {}:{}", proxy.kind, proxy.host, proxy.port)))
    }

    #[test]
    fn each_purpose_has_its_variables() {
        let both = [("ALL_PROXY", "socks5h://127.0.0.1:9050"), ("https_proxy", "web.example:3128")];
        let found = |purpose| route(&both, "a.example", purpose).unwrap();
        assert_eq!(found(Purpose::Stream).as_deref(), Some("Socks5 127.0.0.1:9050"));
        assert_eq!(found(Purpose::Page).as_deref(), Some("Http web.example:3128"));
        assert_eq!(
            route(&both[1..], "a.example", Purpose::Stream).unwrap().unwrap(),
            "Http web.example:3128"
        );
        assert_eq!(route(&[("HTTP_PROXY", "http://a")], "a.example", Purpose::Stream), Ok(None));
        assert_eq!(route(&[("ALL_PROXY", " ")], "a.example", Purpose::Stream), Ok(None));
    }

    #[test]
    fn what_is_not_spoken_is_not_gone_past() {
        for odd in ["socks4://a:1", "https://a:1", "socks5://", "http://a:0", "http://%zz@a", "ftp://a"] {
            let unknown = Err(Problem::Proxy(ProxyFault::Unknown));
            assert_eq!(route(&[("ALL_PROXY", odd)], "a.example", Purpose::Stream), unknown, "{odd}");
        }
    }

    #[test]
    fn exceptions_are_domains_addresses_and_networks() {
        let list = "intern.example, .corp.example,10.0.0.0/8,192.0.2.7,fd00::/8,*.w.example";
        for (host, direct) in [
            ("intern.example", true),
            ("a.INTERN.example", true),
            ("notintern.example", false),
            ("x.corp.example", true),
            ("corp.example", true),
            ("10.255.1.2", true),
            ("11.0.0.1", false),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("fd12::1", true),
            ("fe80::1", false),
            ("b.w.example", true),
            ("localhost", true),
            ("127.3.4.5", true),
            ("::1", true),
            ("other.example", false),
        ] {
            let variables = [("all_proxy", "socks5://p"), ("NO_PROXY", list)];
            let found = route(&variables, host, Purpose::Stream).unwrap();
            assert_eq!(found.is_none(), direct, "{host}");
        }
        let all = [("all_proxy", "socks5://p"), ("no_proxy", "*")];
        assert_eq!(route(&all, "other.example", Purpose::Stream), Ok(None));
    }

    #[test]
    fn a_login_is_read_and_not_shown() {
        let proxy = parse("socks5://al%3Aice:p%40ss@[::1]").unwrap();
        let login = proxy.login.as_ref().unwrap();
        assert_eq!((proxy.host.as_str(), proxy.port), ("::1", 1080));
        assert_eq!((login.user.as_str(), login.password.reveal()), ("al:ice", "p@ss"));
        assert!(!format!("{proxy:?}").contains("p@ss"));
        assert_eq!(parse("proxy.example:8080").map(|proxy| proxy.kind), Some(ProxyKind::Http));
        assert_eq!(parse(&"a".repeat(5000)), None);
    }
}
