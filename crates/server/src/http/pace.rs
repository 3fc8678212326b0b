//! How often somebody without a session may knock: enough for an office at half past seven.
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use register::Moment;

/// Knocks at once: fifty officers behind one address, twice each, and some who try again.
const KNOCKS_MAX: i64 = 300;
/// Knocks that come back each second.
const KNOCKS_A_SECOND: i64 = 5;
/// Addresses remembered; those who have long been quiet are forgotten first.
const ADDRESSES_MAX: usize = 20_000;

/// What a call takes from its caller's measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Knock {
    /// A session, many times a day.
    Session,
    /// A code, once in the life of a PC.
    Code,
}

impl Knock {
    fn cost(self) -> i64 {
        match self {
            Knock::Session => 1,
            Knock::Code => 10,
        }
    }
}

/// Thousandths of knocks left, and when that was counted.
#[derive(Debug, Clone, Copy)]
struct Left {
    thousandths: i64,
    at: Moment,
}

/// What every address has left.
#[derive(Default)]
pub(super) struct Pace {
    left: Mutex<BTreeMap<IpAddr, Left>>,
}

/// One office, not one PC: a network of its own has as many addresses as it likes.
fn office(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)))
        }
    }
}

fn refilled(left: Left, now: Moment) -> i64 {
    let passed = now.0.saturating_sub(left.at.0).max(0);
    left.thousandths.saturating_add(passed.saturating_mul(KNOCKS_A_SECOND)).min(KNOCKS_MAX * 1000)
}

impl Pace {
    /// Whether the caller may knock now. Who sits at this machine, or before it as its proxy, may.
    pub fn allows(&self, address: IpAddr, knock: Knock, now: Moment) -> bool {
        if address.to_canonical().is_loopback() {
            return true;
        }
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if left.len() >= ADDRESSES_MAX {
            left.retain(|_, left| refilled(*left, now) < KNOCKS_MAX * 1000);
        }
        if left.len() >= ADDRESSES_MAX {
            return false;
        }
        let fresh = Left { thousandths: KNOCKS_MAX * 1000, at: now };
        let of_caller = left.entry(office(address)).or_insert(fresh);
        let thousandths = refilled(*of_caller, now);
        let after = thousandths - knock.cost() * 1000;
        *of_caller = Left { thousandths: if after < 0 { thousandths } else { after }, at: now };
        after >= 0
    }
}

#[cfg(test)]
mod tests {
    use super::{KNOCKS_MAX, Knock, Pace};
    use register::Moment;

    fn knocks(pace: &Pace, address: &str, knock: Knock, at: i64) -> bool {
        pace.allows(address.parse().unwrap(), knock, Moment(at))
    }

    #[test]
    fn an_office_may_knock_as_often_as_it_has_people_and_then_as_time_goes_by() {
        let pace = Pace::default();
        for _ in 0..KNOCKS_MAX {
            assert!(knocks(&pace, "203.0.113.7", Knock::Session, 0));
        }
        assert!(!knocks(&pace, "203.0.113.7", Knock::Session, 0));
        assert!(knocks(&pace, "203.0.113.8", Knock::Session, 0), "another office is not asked");
        assert!(knocks(&pace, "203.0.113.7", Knock::Session, 200));
        assert!(!knocks(&pace, "203.0.113.7", Knock::Code, 1000));
        assert!(knocks(&pace, "203.0.113.7", Knock::Code, 2200));
        assert!(!knocks(&pace, "::ffff:203.0.113.7", Knock::Session, 0), "by whatever name");
    }

    #[test]
    fn a_network_counts_as_one_and_this_machine_is_not_counted() {
        let pace = Pace::default();
        for host in 0..KNOCKS_MAX / 10 {
            assert!(knocks(&pace, &format!("2001:db8::{host:x}"), Knock::Code, 0));
        }
        assert!(!knocks(&pace, "2001:db8::ffff", Knock::Session, 0));
        for _ in 0..=KNOCKS_MAX {
            assert!(knocks(&pace, "127.0.0.1", Knock::Code, 0));
        }
    }
}
