//! A server at a glance: its agencies, how far their logs reach, their PCs.
use std::ops::ControlFlow;

use register::{AgencyId, Device, Key, State};

use crate::fault::StorageFault;
use crate::ledger::state_of;
use crate::states::state_from;
use crate::storage::{Found, Span, Storage, looked_up};

/// One agency at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtAGlance {
    /// The agency.
    pub org: AgencyId,
    /// Its name; none while it was adopted and has sent nothing.
    pub name: Option<String>,
    /// Entries of its log.
    pub head: u64,
    /// The life of the server.
    pub epoch: u32,
    /// Its PCs.
    pub devices: Vec<Device>,
}

/// Every agency at a glance.
///
/// # Errors
/// Faults of the storage.
pub fn overview(storage: &dyn Storage) -> Found<Vec<AtAGlance>> {
    looked_up(storage, |reading| {
        let mut all = Vec::new();
        for id in reading.orgs()? {
            let Some(org) = reading.org(id)? else { continue };
            let name = match state_of(reading, id, Key::Agency(id))? {
                Some(State::Agency(agency)) => Some(agency.name),
                Some(_) | None => None,
            };
            let mut bodies = Vec::new();
            reading.states(id, Span::After(0), &mut |kept| {
                if matches!(kept.key, Key::Device(_)) {
                    bodies.push(kept.body.to_owned());
                }
                ControlFlow::Continue(())
            })?;
            let mut devices = Vec::new();
            for body in bodies {
                if let State::Device(device) = state_from(&body)? {
                    devices.push(device);
                }
            }
            all.push(AtAGlance { org: id, name, head: org.head, epoch: org.epoch, devices });
        }
        Ok::<_, StorageFault>(all)
    })
}
