//! Who calls, when somebody stands before the server and passes calls on.
use std::net::IpAddr;

use axum::http::HeaderMap;

/// Where a proxy notes who called it, the nearest last.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of who calls: that of the connection, or, where that is one of our own proxies, the
/// one it notes. What a stranger writes into the header counts for nothing.
pub(super) fn caller(from: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let is_ours = |address: &IpAddr| proxies.contains(&address.to_canonical());
    if !is_ours(&from) {
        return from;
    }
    let lines = headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok());
    let noted: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut nearest = from;
    for address in noted.iter().rev() {
        let Ok(address) = address.parse::<IpAddr>() else { break };
        nearest = address;
        if !is_ours(&address) {
            break;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use axum::http::{HeaderMap, HeaderValue};

    use super::caller;

    fn calls(from: &str, noted: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in noted {
            headers.append("x-forwarded-for", HeaderValue::from_str(line).unwrap());
        }
        let proxies: Vec<IpAddr> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        caller(from.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn a_proxy_of_ours_is_believed_and_nobody_else() {
        let ours = ["127.0.0.1", "10.0.0.2"];
        assert_eq!(calls("203.0.113.7", &["127.0.0.1"], &ours), "203.0.113.7", "a stranger");
        assert_eq!(calls("127.0.0.1", &["203.0.113.7"], &ours), "203.0.113.7");
        assert_eq!(calls("127.0.0.1", &["127.0.0.1, 203.0.113.7"], &ours), "203.0.113.7");
        assert_eq!(calls("127.0.0.1", &["198.51.100.1", "203.0.113.7"], &ours), "203.0.113.7");
        assert_eq!(calls("127.0.0.1", &["203.0.113.7, 10.0.0.2"], &ours), "203.0.113.7", "two");
        assert_eq!(calls("127.0.0.1", &[], &ours), "127.0.0.1", "who watches it on this machine");
        assert_eq!(calls("127.0.0.1", &["no address"], &ours), "127.0.0.1");
        assert_eq!(calls("127.0.0.1", &["203.0.113.7"], &[]), "127.0.0.1", "nobody is before it");
        assert_eq!(calls("::ffff:127.0.0.1", &["203.0.113.7"], &ours), "203.0.113.7");
    }
}
