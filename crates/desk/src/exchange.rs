//! The directory of agencies as this PC holds it, ready to be searched while somebody types.
use std::sync::Arc;

use contract::{AgencyFound, Failure};
use jiff::civil::Date;
use register::{AgencyId, Entries, Listed, Recipient};

use crate::agencies::{Agencies, FOUND_MAX, Found};
use crate::desk::Desk;
use crate::faults::of_store;
use crate::session::AtDesk;

/// The directory, and the version of it that the server had.
#[derive(Clone)]
pub(crate) struct KnownAgencies {
    ours: AgencyId,
    upto: u64,
    agencies: Arc<Agencies>,
    /// What the server lists, as it does.
    of_server: Arc<Entries>,
}

impl KnownAgencies {
    /// The likeliest agencies for what was typed.
    pub(crate) fn found(&self, typed: &str, today: Date, limit: usize) -> Vec<AgencyFound> {
        // A code says exactly whom.
        let coded = self.agencies.by_code(typed, today).map(|listed| listed.id);
        let mut found = self.agencies.find(typed, today, limit + 1);
        found.sort_by_key(|one| Some(one.listed.id) != coded);
        // Nobody writes to himself.
        let others = found.into_iter().filter(|one| one.listed.id != self.ours).take(limit);
        others.map(|one| shown(one, today)).collect()
    }

    /// What the server lists, without what came with the program.
    pub(crate) fn of_server(&self) -> &Entries {
        &self.of_server
    }

    /// Every entry, those that came with the program too.
    pub(crate) fn all(&self) -> &[Listed] {
        self.agencies.all()
    }

    /// What is listed of an agency.
    pub(crate) fn listed(&self, id: AgencyId) -> Option<&Listed> {
        self.agencies.get(id)
    }

    /// The likeliest entries for what was typed, the own agency among them.
    pub(crate) fn ids(&self, typed: &str, today: Date) -> Vec<AgencyId> {
        let coded = self.agencies.by_code(typed, today).map(|listed| listed.id);
        let found = self.agencies.find(typed, today, FOUND_MAX);
        let mut ids: Vec<AgencyId> = found.into_iter().map(|one| one.listed.id).collect();
        ids.sort_by_key(|id| Some(*id) != coded);
        ids
    }

    /// An agency as the directory has it now.
    pub(crate) fn known(&self, id: AgencyId, today: Date) -> Option<AgencyFound> {
        let found = self.agencies.whom(id, today)?;
        (found.listed.id != self.ours).then(|| shown(found, today))
    }

    /// The one agency that a recipient can only mean, where it can be sent to today: by its code,
    /// and without one by its whole name, marks optional.
    pub(crate) fn meant(&self, recipient: &Recipient, today: Date) -> Option<AgencyFound> {
        let takes = |one: &Listed| one.id != self.ours && takes(one, today);
        if !recipient.code.trim().is_empty() {
            let coded = self.agencies.by_code(&recipient.code, today);
            return coded.filter(|one| takes(one)).map(|listed| one(listed.clone(), today));
        }
        let name = text::fold(recipient.name.trim());
        let found = self.agencies.find(&recipient.name, today, FOUND_MAX).into_iter();
        let mut same = found
            .map(|found| found.listed)
            .filter(|listed| takes(listed) && text::fold(&listed.name) == name);
        let only = same.next()?;
        same.next().is_none().then(|| one(only, today))
    }
}

/// Whether a document can be sent to it on a day.
fn takes(listed: &Listed, on: Date) -> bool {
    listed.on_exchange && listed.is_there(on)
}

fn shown(found: Found, today: Date) -> AgencyFound {
    let heirs = found.heirs.into_iter().map(|heir| one(heir, today)).collect();
    AgencyFound { heirs, ..one(found.listed, today) }
}

/// An entry as it is shown, without who came after it.
pub(crate) fn one(listed: Listed, today: Date) -> AgencyFound {
    AgencyFound {
        takes: takes(&listed, today),
        agency: listed.id.hex(),
        ended: listed.to.filter(|to| *to < today).map(|to| to.to_string()),
        name: listed.name,
        code: listed.code,
        parent: listed.parent,
        on_exchange: listed.on_exchange,
        heirs: Vec::new(),
    }
}

impl Desk {
    /// The directory; made anew only where the server listed something since.
    pub(crate) fn agencies(&self, at: &AtDesk) -> Result<KnownAgencies, Failure> {
        let upto = at.opened.store.listed_upto().map_err(|error| of_store(&error))?;
        if let Ok(known) = self.known_agencies.lock()
            && let Some(known) = known.as_ref().filter(|known| known.upto == upto)
        {
            return Ok(known.clone());
        }
        let listed = self.look(&at.opened, |view| view.listed())?;
        let ours = at.opened.agency;
        let of_server = listed.iter().map(|one| (one.id, one.clone())).collect();
        let made = KnownAgencies {
            ours,
            upto,
            agencies: Arc::new(Agencies::of(listed)),
            of_server: Arc::new(of_server),
        };
        if let Ok(mut known) = self.known_agencies.lock() {
            *known = Some(made.clone());
        }
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::civil::{Date, date};
    use register::{AgencyId, Listed, Recipient};

    use super::{Agencies, KnownAgencies};

    const TODAY: Date = date(2026, 11, 20);

    fn agency(id: u8, name: &str, code: &str) -> Listed {
        Listed {
            id: AgencyId([id; 16]),
            name: name.to_owned(),
            code: code.to_owned(),
            codes_before: Vec::new(),
            unit: String::new(),
            parent: "tỉnh Hiếu Sơn".to_owned(),
            on_exchange: true,
            from: None,
            to: None,
            heirs: Vec::new(),
        }
    }

    fn meant(listed: Vec<Listed>, name: &str, code: &str) -> Option<String> {
        let agencies = Arc::new(Agencies::of(listed));
        let of_server = Arc::default();
        let known = KnownAgencies { ours: AgencyId([9; 16]), upto: 1, agencies, of_server };
        let recipient = Recipient { name: name.to_owned(), code: code.to_owned() };
        known.meant(&recipient, TODAY).map(|agency| agency.name)
    }

    #[test]
    fn a_recipient_of_the_draft_means_one_agency_or_none() {
        const NAME: &str = "UBND xã Hà Thượng Xuân";
        let one = || agency(1, NAME, "H50.99.34");
        let found = Some(NAME.to_owned());
        assert_eq!(meant(vec![one()], "ubnd xa ha thuong xuan", ""), found, "marks are optional");
        assert_eq!(meant(vec![one()], "tên khác", "H50.99.34"), found, "a code says exactly whom");
        assert_eq!(meant(vec![one()], "UBND xã Hà Thượng", ""), None, "a part is a guess");
        let another = agency(2, NAME, "H51.99.34");
        assert_eq!(meant(vec![one(), another], NAME, ""), None, "either may be meant");
        let off = Listed { on_exchange: false, ..one() };
        assert_eq!(meant(vec![off], NAME, ""), None, "it gets it on paper");
        let ended = Listed { to: Some(date(2025, 6, 30)), ..one() };
        assert_eq!(meant(vec![ended], "", "H50.99.34"), None, "it is no more");
        let ours = Listed { id: AgencyId([9; 16]), ..one() };
        assert_eq!(meant(vec![ours], NAME, ""), None, "nobody writes to himself");
    }
}
