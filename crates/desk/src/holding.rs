//! A PC that gives numbers and has not met its server for long warns, and then asks a leader.
//!
//! It is the policy of an office and not what keeps numbers apart: a book never changes hands by
//! the clock. Days are counted from what the server's clock said when they met last; they stop
//! nothing while no number was given since, so a clock that jumped ahead costs one PIN at most. A
//! clock that is behind counts no days, and the numbers go on counting.
use contract::{Done, Failure, Holding, Named, Topic, VouchForm};
use register::{Holder, Moment, OfficerId, Right, Role};
use serde::{Deserialize, Serialize};
use store::{Line, Membership, StoreError, View};

use crate::acts::done;
use crate::desk::Desk;
use crate::faults::{log, of_store};
use crate::session::AtDesk;
use crate::words::{at_field, failure, refusal};

/// Days without a meeting after which it is said wherever numbers are given.
const WARNED_DAYS: u32 = 7;
/// Days after which a leader vouches for the next ones.
const VOUCHED_DAYS: u32 = 30;
/// Numbers after which a leader vouches for the next ones.
const VOUCHED_NUMBERS: u32 = 500;
/// Days for which who keeps the books may vouch by himself, with a reason.
const ALONE_DAYS: u32 = 1;
/// Times somebody vouched that are kept.
const VOUCHED_KEPT_MAX: usize = 100;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Local name of who vouched.
const VOUCHED: &str = "vouched";

/// Somebody let this PC go on giving numbers.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Vouch {
    by: OfficerId,
    at: i64,
    /// The meeting since which it counts: a later one makes it void.
    met_at: i64,
    /// Numbers given since then when he vouched.
    numbers: u32,
    days: u32,
    reason: String,
}

/// Why this PC gives no number of a book it holds.
pub(crate) enum NoNumber {
    /// It reads back what an older copy of its register lacks; a slip will do meanwhile.
    ForNow(Failure),
    /// Somebody has to vouch for the next ones.
    UntilVouched(Failure),
}

/// How long this PC has gone on by itself.
pub(crate) struct Gap {
    days: u32,
    numbers: u32,
    asks: bool,
    met_at: i64,
    vouched: Option<Vouch>,
}

impl Gap {
    fn of(line: &Line, numbers: u32, last: Option<Vouch>, now: Moment) -> Option<Gap> {
        // Before it has met the server as a PC among others, everything it did waits.
        if line.membership != Membership::Joined || line.met_at.0 == 0 {
            return None;
        }
        let met_at = line.met_at.0;
        let vouched = last.filter(|vouch| vouch.met_at == met_at);
        let (from, days_max, counted) = match &vouched {
            Some(vouch) => (vouch.at, vouch.days, vouch.numbers),
            None => (met_at, VOUCHED_DAYS, 0),
        };
        let too_long = numbers > 0 && days_between(from, now) >= days_max;
        let too_many = numbers.saturating_sub(counted) >= VOUCHED_NUMBERS;
        let days = days_between(met_at, now);
        Some(Gap { days, numbers, asks: too_long || too_many, met_at, vouched })
    }

    fn is_told(&self) -> bool {
        self.asks || self.days_told().is_some() || self.vouched.is_some()
    }

    fn days_told(&self) -> Option<u32> {
        (self.days >= WARNED_DAYS).then_some(self.days)
    }
}

fn days_between(from: i64, now: Moment) -> u32 {
    u32::try_from(now.0.saturating_sub(from).max(0) / DAY_MS).unwrap_or(u32::MAX)
}

impl Desk {
    fn gap(&self, at: &AtDesk) -> Result<Option<Gap>, Failure> {
        if !at.directory.linked || self.held_books(at).is_empty() {
            return Ok(None);
        }
        let store = &at.opened.store;
        let last = vouched(at)?.pop();
        let here = store.device();
        let found = self.look(&at.opened, |view: &View<'_>| {
            let Some(line) = view.line()? else { return Ok(None) };
            Ok::<_, StoreError>(Some((line, view.numbers_unconfirmed(here)?)))
        })?;
        let now = self.source.now();
        Ok(found.and_then(|(line, numbers)| Gap::of(&line, numbers, last, now)))
    }

    fn held_books(&self, at: &AtDesk) -> Vec<String> {
        let here = Holder::Device(at.opened.store.device());
        let books = at.directory.books.values().filter(|book| book.lease.holder == here);
        books.map(|book| book.name.clone()).collect()
    }

    /// Why this PC gives no number of a book it holds just now, when it does not.
    pub(crate) fn why_no_number(&self, at: &AtDesk) -> Result<Option<NoNumber>, Failure> {
        if at.directory.linked && self.look(&at.opened, |view: &View<'_>| view.reads_back())? {
            return Ok(Some(NoNumber::ForNow(failure(
                "reads_back",
                "Sổ trên máy này được đặt lại từ bản cũ, phải đọc lại từ máy chủ đã.",
                "Chờ nhận đủ, xem ở màn hình Đồng bộ, rồi cấp số.",
            ))));
        }
        let Some(gap) = self.gap(at)?.filter(|gap| gap.asks) else { return Ok(None) };
        let what = match gap.days_told() {
            Some(days) => format!("Máy này giữ sổ, chưa gặp máy chủ {days} ngày."),
            None => format!("Máy này đã cấp {} số từ lần gặp máy chủ gần nhất.", gap.numbers),
        };
        let todo = if self.vouchers(at).is_empty() {
            "Nối mạng để gặp máy chủ, hoặc mở màn hình Sổ đăng ký và ghi lý do để cấp số tiếp."
        } else {
            "Nối mạng để gặp máy chủ, hoặc nhờ lãnh đạo nhập mã PIN ở màn hình Sổ đăng ký để \
             cấp số tiếp."
        };
        Ok(Some(NoNumber::UntilVouched(failure("vouch", what, todo))))
    }

    /// What is said where numbers are given; nothing while there is nothing to say.
    pub(crate) fn holding(&self, at: &AtDesk) -> Result<Option<Holding>, Failure> {
        let Some(gap) = self.gap(at)?.filter(Gap::is_told) else { return Ok(None) };
        let days = gap.days_told();
        let vouched = gap.vouched.map(|vouch| contract::Vouched {
            by: at.directory.name(vouch.by),
            at: vouch.at,
            reason: vouch.reason,
        });
        let vouchers = self.vouchers(at).into_iter();
        let vouchers = vouchers.map(|id| Named { id: id.hex(), name: at.directory.name(id) });
        Ok(Some(Holding {
            books: self.held_books(at),
            days,
            numbers: gap.numbers,
            asks: gap.asks,
            vouchers: vouchers.collect(),
            vouched,
        }))
    }

    /// Leaders and office heads with a PIN here; where there is none, the administrators.
    fn vouchers(&self, at: &AtDesk) -> Vec<OfficerId> {
        let officers = self.keyring().map(|keyring| keyring.officers()).transpose();
        let officers = officers.inspect_err(|error| log("reading the keyring", error));
        let here: Vec<OfficerId> = officers
            .ok()
            .flatten()
            .unwrap_or_default()
            .into_iter()
            .filter(|officer| officer.tries_left > 0)
            .map(|officer| officer.id)
            .collect();
        let with = |right: Right| -> Vec<OfficerId> {
            let carries = |id: &&OfficerId| {
                let officer = at.directory.officers.get(*id);
                officer.is_some_and(|officer| register::has(officer, right))
            };
            here.iter().filter(carries).copied().collect()
        };
        let leaders = with(Right::TakeOver);
        if leaders.is_empty() { with(Right::Administer) } else { leaders }
    }

    /// Lets this PC go on giving numbers: a leader's PIN for long, a reason for a day.
    pub(crate) fn vouch_for_numbers(&self, form: VouchForm) -> Result<Done, Failure> {
        let VouchForm { officer, pin, reason } = form;
        let at = self.at_desk()?;
        let gap = self.gap(&at)?.ok_or_else(|| {
            failure("unknown", "Máy này không giữ sổ nào.", "Xem ai giữ sổ ở màn hình Sổ đăng ký.")
        })?;
        let (by, days, reason) = if officer.is_empty() {
            if !at.may(Right::KeepBooks) {
                return Err(refusal(&register::Refusal::Forbidden { needs: Role::Clerk }));
            }
            let reason = at.reader().text("reason", &reason)?;
            if reason.is_empty() {
                let todo = "Ghi vì sao phải cấp số mà chưa hỏi được lãnh đạo.";
                return Err(at_field("reason", "Cần ghi lý do.", todo));
            }
            (at.officer.id, ALONE_DAYS, reason)
        } else {
            (self.voucher_with(&at, &officer, &pin)?, VOUCHED_DAYS, String::new())
        };
        let now = self.source.now().0;
        let vouch = Vouch { by, at: now, met_at: gap.met_at, numbers: gap.numbers, days, reason };
        tracing::warn!(by = %by.hex(), days, numbers = gap.numbers, "numbers go on, vouched for");
        keep(&at, vouch)?;
        let with = vec![at.directory.name(by), days.to_string()];
        Ok(done(String::new(), "numbers_vouched", with, &[Topic::Books, Topic::Line]))
    }

    fn voucher_with(&self, at: &AtDesk, typed: &str, pin: &str) -> Result<OfficerId, Failure> {
        let known = self.vouchers(at).into_iter().find(|id| id.hex() == typed);
        let officer = known.ok_or_else(|| {
            at_field("officer", "Người này không cho cấp số tiếp được.", "Chọn lại tên.")
        })?;
        let keyring = self.keyring().ok_or_else(crate::session::locked)?;
        keyring.unlock(officer, pin).map_err(|error| self.keyring_failure(&error))?;
        Ok(officer)
    }
}

/// All who vouched on this PC, the newest last.
fn vouched(at: &AtDesk) -> Result<Vec<Vouch>, Failure> {
    let kept = at.opened.store.local(VOUCHED).map_err(|error| of_store(&error))?;
    let read = kept.and_then(|bytes| {
        serde_json::from_slice(&bytes).inspect_err(|error| log("reading who vouched", error)).ok()
    });
    Ok(read.unwrap_or_default())
}

fn keep(at: &AtDesk, vouch: Vouch) -> Result<(), Failure> {
    let mut all = vouched(at)?;
    let too_many = (all.len() + 1).saturating_sub(VOUCHED_KEPT_MAX);
    all.drain(..too_many);
    all.push(vouch);
    let bytes = serde_json::to_vec(&all).map_err(|error| {
        log("writing who vouched", &error);
        failure("fault", "Chưa ghi được ai cho cấp số tiếp.", "Làm lại.")
    })?;
    at.opened.store.keep_local(VOUCHED, &bytes).map_err(|error| of_store(&error))
}
