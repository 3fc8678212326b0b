//! PCs of the agency: taken in with a code, shut out, or declared destroyed (SYNC 2.8, R10).
use alloc::collections::BTreeMap;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::Acting;
use super::words::{LINE_CHARS_MAX, SUBJECT_CHARS_MAX, needed};
use crate::device::Device;
use crate::id::{DeviceId, OfficerId, PublicKey};
use crate::incoming::Void;
use crate::picture::{Change, Key, No, State};
use crate::refusal::{Refusal, Where};
use crate::rights::Right;
use crate::trail::Deed;

/// Keys one officer may have had on one PC: a new one with each code after a lost PIN.
const KEYS_MAX: usize = 50;

/// The server took in a PC, or a further officer on one, because he had a code.
pub(super) fn enrol(
    acting: &Acting<'_>,
    id: DeviceId,
    name: &str,
    officer: OfficerId,
    public: PublicKey,
) -> Result<Change, No> {
    acting.must_be_server()?;
    needed(Where::Name, name, LINE_CHARS_MAX)?;
    acting.picture.officer(officer)?;
    let known = match acting.picture.state(Key::Device(id))? {
        Some(State::Device(known)) => Some(known.clone()),
        Some(_) | None => None,
    };
    let mut device = known.unwrap_or_else(|| Device {
        id,
        name: name.to_string(),
        keys: BTreeMap::new(),
        since: acting.command.at,
        revoked: None,
        retired: None,
    });
    must_be_trusted(&device)?;
    let keys = device.keys.entry(officer).or_insert_with(Vec::new);
    if keys.len() >= KEYS_MAX {
        return Err(Refusal::TooLong { field: Where::Code, max: KEYS_MAX as u32 }.into());
    }
    if !keys.contains(&public) {
        keys.push(public);
    }
    Ok(acting.change(State::Device(device), Deed::DeviceEnrolled, name))
}

fn must_be_trusted(device: &Device) -> Result<(), No> {
    if device.revoked.is_some() || device.retired.is_some() {
        return Err(Refusal::DeviceRevoked.into());
    }
    Ok(())
}

/// A lost or stolen PC, or one of an officer who left, is shut out.
pub(super) fn revoke(acting: &Acting<'_>, id: DeviceId, reason: &str) -> Result<Change, No> {
    let mut device = administered(acting, id, reason)?;
    if device.revoked.is_some() {
        return Err(Refusal::WrongStage.into());
    }
    device.revoked = Some(said(acting, reason));
    Ok(acting.change(State::Device(device), Deed::DeviceRevoked, reason))
}

/// A PC that will never come back: nothing waits any longer for what died with it.
pub(super) fn retire(acting: &Acting<'_>, id: DeviceId, reason: &str) -> Result<Change, No> {
    let mut device = administered(acting, id, reason)?;
    if device.retired.is_some() {
        return Err(Refusal::WrongStage.into());
    }
    device.retired = Some(said(acting, reason));
    Ok(acting.change(State::Device(device), Deed::DeviceRetired, reason))
}

fn administered(acting: &Acting<'_>, id: DeviceId, reason: &str) -> Result<Device, No> {
    acting.must(Right::Administer)?;
    needed(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    acting.picture.device(id).cloned()
}

fn said(acting: &Acting<'_>, reason: &str) -> Void {
    Void { reason: reason.to_string(), by: acting.actor.id, at: acting.command.at }
}
