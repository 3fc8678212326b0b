//! Entries and what changed of them, as the page shows it.
use contract::{EntryChange, EntryRow};
use register::{AgencyId, Listed};

use super::Kept;
use crate::words::date;

/// An entry in the list.
pub(super) fn row(one: &Listed, kept: &Kept) -> EntryRow {
    EntryRow {
        agency: one.id.hex(),
        name: one.name.clone(),
        code: one.code.clone(),
        parent: one.parent.clone(),
        on_exchange: one.on_exchange,
        ended: one.to.map(|to| to.to_string()),
        heirs: names(&one.heirs, kept),
        waits: kept.waits(one.id),
    }
}

fn names(heirs: &[AgencyId], kept: &Kept) -> Vec<String> {
    heirs.iter().filter_map(|id| kept.entry(*id)).map(|one| one.name.clone()).collect()
}

/// What was stated otherwise, field by field; of a new entry, what stands in it beside its name.
pub(super) fn changes(
    (before, after): (Option<&Listed>, &Listed),
    kept: &Kept,
) -> Vec<EntryChange> {
    let ended = |one: &Listed| one.to.map(date).unwrap_or_default();
    let heirs = |one: &Listed| names(&one.heirs, kept).join("; ");
    let of = |one: &Listed| {
        let Listed { name, code, unit, parent, .. } = one.clone();
        [name, code, unit, parent, ended(one), heirs(one)]
    };
    let fields = ["name", "code", "unit", "parent", "ended", "heirs"];
    let (was, is) = (before.map(of).unwrap_or_default(), of(after));
    let both = fields.into_iter().zip(was.into_iter().zip(is));
    let change = |(field, (before, after)): (&str, (String, String))| EntryChange {
        field: field.to_owned(),
        before,
        after,
    };
    let says = |(field, (was, is)): &(&str, (String, String))| {
        was != is && (before.is_some() || *field != "name")
    };
    let changed = both.filter(says).map(change);
    let listed = before.is_none().then(|| change(("listed", (String::new(), String::new()))));
    listed.into_iter().chain(changed).collect()
}
