//! A made-up agency while it is made: founded by the wizard's own commands, with everybody's keys.
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use contract::{DefaultsShown, OfficerSetup, Setup};
use ed25519_dalek::SigningKey;
use register::{Book, BookId, Moment, Officer, OfficerId, Party, Unit, UnitId};
use store::{OpenOptions, Synchronous};

use super::fault::{InventFault, desk_said};
use super::set_clock::SetClock;
use crate::copying::COPIED_AT;
use crate::desk::{Desk, Opened};
use crate::directory::Directory;
use crate::keyring::{DEMO_PIN, Keyring};

/// A made-up agency.
pub(crate) struct Office {
    /// The clock that everything goes by.
    pub clock: Arc<SetClock>,
    /// The register and the files.
    pub opened: Arc<Opened>,
    /// People, units, books and the calendar.
    pub directory: Arc<Directory>,
    /// The signing keys of all officers.
    pub keys: BTreeMap<OfficerId, SigningKey>,
}

impl Office {
    /// Founds the agency in an empty profile; every officer has the PIN of demo profiles.
    pub fn found(
        profile: &Path,
        clock: Arc<SetClock>,
        setup: impl FnOnce(DefaultsShown) -> Setup,
    ) -> Result<Office, InventFault> {
        if Keyring::load(profile).is_ok() || profile.join(crate::desk::REGISTER_FILE).exists() {
            return Err(InventFault::Exists { path: profile.to_owned() });
        }
        // Nobody misses a made-up agency that a power cut took while it was made.
        let options = OpenOptions { synchronous: Synchronous::Off, ..OpenOptions::default() };
        let source: Arc<dyn crate::clock::Source> = Arc::clone(&clock) as _;
        let desk = Desk::with(profile, source, options)
            .map_err(|fault| desk_said("opening the profile")(fault.failure()))?
            .for_show();
        let setup = setup(desk.first_run_defaults());
        let officers = setup.officers.into_iter().map(with_demo_pin).collect();
        desk.found_agency(Setup { officers, ..setup }).map_err(desk_said("founding"))?;
        let opened = desk.opened().ok_or_else(|| lacks("open register"))?;
        let directory = desk.directory(&opened).map_err(desk_said("reading the directory"))?;
        let keyring = desk.keyring().ok_or_else(|| lacks("keyring"))?;
        let mut keys = BTreeMap::new();
        for id in directory.officers.keys() {
            let unlocked = keyring.unlock_demo(*id);
            let said = |error| desk_said("unlocking")(desk.keyring_failure(&error));
            keys.insert(*id, unlocked.map_err(said)?.signing);
        }
        // The desk goes: its daily copies would follow the clock that jumps.
        drop(desk);
        Ok(Office { clock, opened, directory, keys })
    }

    /// Ends the work of an agency that is only measured: its copy of the day counts as made, so
    /// that none is made while the watch runs.
    pub fn close(&self, now: Moment) -> Result<(), InventFault> {
        let at = now.0.to_string();
        self.opened.store.keep_local(COPIED_AT, at.as_bytes())?;
        Ok(self.opened.store.tidy()?)
    }

    /// The officer of this name.
    pub fn officer(&self, name: &str) -> Result<&Officer, InventFault> {
        let mut officers = self.directory.officers.values();
        officers.find(|officer| officer.name == name).ok_or_else(|| lacks(name))
    }

    /// The id of the officer of this name.
    pub fn who(&self, name: &str) -> Result<OfficerId, InventFault> {
        Ok(self.officer(name)?.id)
    }

    /// The unit of this abbreviation.
    pub fn unit(&self, abbreviation: &str) -> Result<&Unit, InventFault> {
        let mut units = self.directory.units.values();
        units.find(|unit| unit.abbreviation == abbreviation).ok_or_else(|| lacks(abbreviation))
    }

    /// An officer by name, or a unit by abbreviation.
    pub fn party(&self, named: &str) -> Result<Party, InventFault> {
        match self.unit(named) {
            Ok(unit) => Ok(Party::Unit(unit.id)),
            Err(_) => Ok(Party::Officer(self.who(named)?)),
        }
    }

    /// The book of this name.
    pub fn book(&self, name: &str) -> Result<BookId, InventFault> {
        let mut books = self.directory.books.values();
        books.find(|book| book.name == name).map(|book| book.id).ok_or_else(|| lacks(name))
    }

    /// The outgoing book that a kind goes into: one that names it before one that takes all.
    pub fn outgoing_book(&self, kind: &str) -> Result<BookId, InventFault> {
        let takes =
            |book: &&Book| book.direction == register::Direction::Outgoing && book.takes(kind);
        let mut books: Vec<&Book> = self.directory.books.values().filter(takes).collect();
        books.sort_by_key(|book| book.kinds.is_empty());
        books.first().map(|book| book.id).ok_or_else(|| lacks(kind))
    }

    /// The symbol of an outgoing document of this kind.
    pub fn symbol(&self, kind: &str, unit: Option<UnitId>, year: i16) -> String {
        let Some(agency) = &self.directory.agency else { return String::new() };
        let Some(kind) = agency.kind(kind) else { return String::new() };
        let unit = unit.and_then(|id| self.directory.units.get(&id));
        let abbreviation = unit.map_or("", |unit| unit.abbreviation.as_str());
        register::symbol_for(agency, kind, abbreviation, year)
    }
}

/// What a made-up agency turned out to lack.
pub(crate) fn lacks(what: &str) -> InventFault {
    InventFault::Lacks { what: what.to_owned() }
}

fn with_demo_pin(officer: OfficerSetup) -> OfficerSetup {
    OfficerSetup { pin: DEMO_PIN.to_owned(), ..officer }
}
