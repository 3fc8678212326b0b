//! The directory as those who keep it see and change it: stated here, signed, and said to the
//! server when there is a line.
mod shown;
mod words;

use std::collections::BTreeSet;

use contract::{
    AgencyFound, DirectoryAsked, DirectoryEntry, DirectoryShown, Done, EntryForm, Failure, OneId,
    StatedLine, StatementRow, Topic,
};
use jiff::civil::Date;
use register::{
    AgencyId, Entries, Listed, Moment, Right, Statement, StatementId, Unlisted, entry_of,
    listed_by, must_know_heirs,
};
use store::{OwnStatement, STATEMENTS_MAX, View};
use sync::sign_statement;
use sync::wire::StatedBecame;

use self::words::unlisted;
use crate::acts::done;
use crate::agencies::FOUND_MAX;
use crate::desk::Desk;
use crate::exchange::{KnownAgencies, one};
use crate::faults::of_store;
use crate::session::AtDesk;
use crate::words::failure;

/// What a statement touches on the page.
const TOUCHED: &[Topic] = &[Topic::Administration, Topic::Line];

/// The directory with what was stated here and waits laid over it.
struct Kept {
    known: KnownAgencies,
    /// What the server will list where it agrees to what waits.
    stated: Entries,
    /// Statements of this PC that wait or were refused.
    open: Vec<OwnStatement>,
    /// The agencies that keep it.
    keepers: Vec<AgencyId>,
    /// Whoever sits here may change it.
    may: bool,
}

impl Kept {
    /// What the server lists of an agency, or will.
    fn listed(&self, id: AgencyId) -> Option<&Listed> {
        self.stated.get(&id).or_else(|| self.known.of_server().get(&id))
    }

    /// The same, or what comes with the program in its place.
    fn entry(&self, id: AgencyId) -> Option<&Listed> {
        self.listed(id).or_else(|| self.known.listed(id))
    }

    /// Everything that is known, with the entry that is stated as the server has it: none where it
    /// only came with the program.
    fn among(&self, id: AgencyId) -> Entries {
        let shipped = self.known.all().iter().map(|one| (one.id, one.clone()));
        let mut among: Entries = shipped.collect();
        among.remove(&id);
        let listed = self.known.of_server().iter().chain(&self.stated);
        among.extend(listed.map(|(id, one)| (*id, one.clone())));
        among
    }

    /// Entries by their names, as they are shown.
    fn shown(&self, ids: &[AgencyId], today: Date) -> Vec<AgencyFound> {
        let entries = ids.iter().filter_map(|id| self.entry(*id));
        entries.map(|entry| one(entry.clone(), today)).collect()
    }

    /// Entries that only wait are not in the index: those in which every typed word stands.
    fn waiting(&self, typed: &str) -> Vec<AgencyId> {
        let typed = text::fold(typed);
        let waits = self.open.iter().filter(|own| own.became.is_none());
        let fits = |entry: &Listed| {
            let words = text::fold(&format!("{} {}", entry.name, entry.code));
            typed.split_whitespace().all(|word| words.contains(word))
        };
        let entries = waits.filter_map(|own| self.stated.get(&own.statement.after.id));
        entries.filter(|entry| fits(entry)).map(|entry| entry.id).collect()
    }

    fn waits(&self, id: AgencyId) -> bool {
        self.open.iter().any(|own| own.became.is_none() && own.statement.after.id == id)
    }
}

fn gone() -> Failure {
    failure("unknown", "Không thấy cơ quan này trong danh bạ.", "Về danh bạ rồi tìm lại.")
}

fn agency_id(text: &str) -> Result<AgencyId, Failure> {
    AgencyId::parse(text).map_err(|_| gone())
}

fn statement_id(text: &str) -> Result<StatementId, Failure> {
    StatementId::parse(text).map_err(|_| {
        failure("unknown", "Không thấy lần ghi này trên máy.", "Về danh bạ rồi xem lại.")
    })
}

impl Desk {
    fn kept(&self, at: &AtDesk) -> Result<Kept, Failure> {
        let known = self.agencies(at)?;
        let store = &at.opened.store;
        let keepers = store.keepers().map_err(|error| of_store(&error))?;
        let open = self.look(&at.opened, |view: &View<'_>| view.open_statements())?;
        let mut stated = Entries::new();
        for own in open.iter().filter(|own| own.became.is_none()) {
            let id = own.statement.after.id;
            let now = stated.get(&id).or_else(|| known.of_server().get(&id));
            let entry = entry_of(&own.statement, now);
            stated.insert(id, entry);
        }
        let may = keepers.contains(&at.opened.agency) && at.may(Right::Administer);
        Ok(Kept { known, stated, open, keepers, may })
    }

    /// The directory as it is searched, with what was stated here and waits.
    pub(crate) fn directory_now(&self, asked: &DirectoryAsked) -> Result<DirectoryShown, Failure> {
        let at = self.at_desk()?;
        let kept = self.kept(&at)?;
        let found: Vec<AgencyId> = if asked.text.trim().is_empty() {
            let listed = kept.known.of_server().keys().chain(kept.stated.keys());
            let listed: BTreeSet<AgencyId> = listed.copied().collect();
            let mut all: Vec<&Listed> = listed.iter().filter_map(|id| kept.listed(*id)).collect();
            all.sort_by_cached_key(|one| text::sort_key(&one.name));
            all.into_iter().take(FOUND_MAX).map(|one| one.id).collect()
        } else {
            let mut found = kept.waiting(&asked.text);
            let indexed = kept.known.ids(&asked.text, at.today);
            found.extend(indexed);
            let mut seen = BTreeSet::new();
            found.retain(|id| seen.insert(*id));
            found.truncate(FOUND_MAX);
            found
        };
        let entries = found.iter().filter_map(|id| kept.entry(*id));
        let found = entries.map(|one| shown::row(one, &kept)).collect();
        let name = |id: &AgencyId| kept.entry(*id).map(|one| one.name.clone());
        let keepers = kept.keepers.iter().filter_map(name).collect();
        // What was refused is seen also by those who keep the directory no more.
        let stated = if at.may(Right::Administer) {
            kept.open.iter().map(|own| statement_row(own, (&at, &kept))).collect()
        } else {
            Vec::new()
        };
        Ok(DirectoryShown { may: kept.may, keepers, found, stated })
    }

    /// One entry as a form, with what was stated of it.
    pub(crate) fn directory_entry_of(&self, asked: &OneId) -> Result<DirectoryEntry, Failure> {
        let at = self.at_desk()?;
        let kept = self.kept(&at)?;
        let id = agency_id(&asked.id)?;
        let entry = kept.entry(id).ok_or_else(gone)?;
        let stated = self.look(&at.opened, |view: &View<'_>| view.stated_about(id))?;
        let history = stated.iter().filter(|_| kept.may).map(|one| StatedLine {
            at: one.at.0,
            by: one.by.clone(),
            of: one.of.clone(),
            changes: shown::changes((one.before.as_ref(), &one.after), &kept),
        });
        Ok(DirectoryEntry {
            may: kept.may,
            states_itself: entry.on_exchange,
            heirs: kept.shown(&entry.heirs, at.today),
            history: history.collect(),
            form: form_of(entry, kept.listed(id)),
        })
    }

    /// What was typed over an older entry, over the one that stands now.
    pub(crate) fn rebase_entry_now(&self, form: &EntryForm) -> Result<EntryForm, Failure> {
        let at = self.at_desk()?;
        let kept = self.kept(&at)?;
        let (before, after) = self.read_entry(form, (&at, &kept))?;
        let now = kept.entry(after.id);
        let merged = over(now, (before.as_ref(), &after));
        let instead_of = form.instead_of.clone();
        Ok(EntryForm { instead_of, ..form_of(&merged, kept.listed(after.id)) })
    }

    /// States an entry: it is signed here, and said to the server when there is a line.
    pub(crate) fn state_in_directory(&self, form: &EntryForm) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        let kept = self.kept(&at)?;
        if !at.may(Right::Administer) {
            return Err(unlisted(&Unlisted::NotAdministrator));
        }
        if !kept.may {
            return Err(unlisted(&Unlisted::NotAKeeper));
        }
        if kept.open.len() >= STATEMENTS_MAX as usize {
            return Err(words::too_many());
        }
        let instead_of = form.instead_of.as_deref().map(statement_id).transpose()?;
        let (before, after) = self.read_entry(form, (&at, &kept))?;
        let statement = Statement {
            id: StatementId(self.source.id()),
            org: at.opened.agency,
            dev: at.opened.store.device(),
            officer: at.officer.id,
            at: Moment(self.source.now().0),
            before,
            after,
        };
        let among = kept.among(statement.after.id);
        let entry = listed_by(&statement, &among).map_err(|no| unlisted(&no))?;
        must_know_heirs(&entry, &among).map_err(|no| unlisted(&no))?;
        let (id, name) = (entry.id.hex(), entry.name.clone());
        if among.get(&entry.id) == Some(&entry) {
            if let Some(gone) = instead_of {
                let let_go = at.opened.store.let_statement_go(gone);
                let_go.map_err(|error| of_store(&error))?;
            }
            return Ok(done(id, "directory_same", vec![name], TOUCHED));
        }
        let sent = sign_statement(&statement, &at.signing);
        let sent = sent.ok_or_else(|| unlisted(&Unlisted::Malformed))?;
        let store = &at.opened.store;
        let put = store.keep_statement((statement.id, &sent), instead_of);
        put.map_err(|error| of_store(&error))?;
        self.wake_line();
        self.tell(TOUCHED);
        Ok(done(id, "directory_stated", vec![name], TOUCHED))
    }

    /// Lets a statement go that was refused.
    pub(crate) fn let_go_of_statement(&self, asked: &OneId) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        if !at.may(Right::Administer) {
            return Err(unlisted(&Unlisted::NotAdministrator));
        }
        let id = statement_id(&asked.id)?;
        let gone = at.opened.store.let_statement_go(id).map_err(|error| of_store(&error))?;
        if !gone {
            return Err(words::not_refused());
        }
        Ok(done(asked.id.clone(), "directory_let_go", Vec::new(), TOUCHED))
    }

    /// The entry that a form was made from, and the one it makes.
    fn read_entry(
        &self,
        form: &EntryForm,
        (at, kept): (&AtDesk, &Kept),
    ) -> Result<(Option<Listed>, Listed), Failure> {
        let seen: Option<Listed> = if form.seen.is_empty() {
            None
        } else {
            let seen = serde_json::from_str(&form.seen);
            Some(seen.map_err(|_| unlisted(&Unlisted::Malformed))?)
        };
        let id = match &form.agency {
            Some(id) => agency_id(id)?,
            None => AgencyId(self.source.id()),
        };
        let base = seen.clone().or_else(|| kept.known.listed(id).cloned());
        let base = base.filter(|base| base.id == id).unwrap_or_else(|| blank(id));
        let reader = at.reader();
        // What nobody touched stays as it stands, however it is written.
        let read = |field: &str, typed: &str, before: &str| {
            if typed == before { Ok(before.to_owned()) } else { reader.line(field, typed) }
        };
        let after = Listed {
            name: read("name", &form.name, &base.name)?,
            code: read("code", &form.code, &base.code)?,
            unit: read("unit", &form.unit, &base.unit)?,
            parent: read("parent", &form.parent, &base.parent)?,
            to: reader.date("ended", &form.ended)?,
            heirs: read_heirs(&form.heirs, kept)?,
            ..base
        };
        Ok((seen, after))
    }
}

/// Heirs by the names under which the directory has them today, each once.
fn read_heirs(typed: &[String], kept: &Kept) -> Result<Vec<AgencyId>, Failure> {
    let mut heirs = Vec::new();
    for heir in typed {
        let id = AgencyId::parse(heir).ok().and_then(|id| kept.entry(id));
        let id = id.ok_or_else(|| unlisted(&Unlisted::HeirUnknown))?.id;
        if !heirs.contains(&id) {
            heirs.push(id);
        }
    }
    Ok(heirs)
}

fn blank(id: AgencyId) -> Listed {
    Listed {
        id,
        name: String::new(),
        code: String::new(),
        codes_before: Vec::new(),
        unit: String::new(),
        parent: String::new(),
        on_exchange: false,
        from: None,
        to: None,
        heirs: Vec::new(),
    }
}

/// What was changed of an older entry, changed of the one that stands now.
fn over(now: Option<&Listed>, (before, after): (Option<&Listed>, &Listed)) -> Listed {
    let (Some(now), Some(before)) = (now, before) else { return after.clone() };
    fn pick<T: PartialEq + Clone>(now: &T, before: &T, after: &T) -> T {
        if after == before { now.clone() } else { after.clone() }
    }
    Listed {
        name: pick(&now.name, &before.name, &after.name),
        code: pick(&now.code, &before.code, &after.code),
        unit: pick(&now.unit, &before.unit, &after.unit),
        parent: pick(&now.parent, &before.parent, &after.parent),
        to: pick(&now.to, &before.to, &after.to),
        heirs: pick(&now.heirs, &before.heirs, &after.heirs),
        ..now.clone()
    }
}

/// An entry as a form; `seen` is what the server has of it.
fn form_of(entry: &Listed, seen: Option<&Listed>) -> EntryForm {
    EntryForm {
        agency: Some(entry.id.hex()),
        name: entry.name.clone(),
        code: entry.code.clone(),
        unit: entry.unit.clone(),
        parent: entry.parent.clone(),
        ended: entry.to.map(|to| to.to_string()).unwrap_or_default(),
        heirs: entry.heirs.iter().map(AgencyId::hex).collect(),
        instead_of: None,
        seen: seen.and_then(|seen| serde_json::to_string(seen).ok()).unwrap_or_default(),
    }
}

fn statement_row(own: &OwnStatement, (at, kept): (&AtDesk, &Kept)) -> StatementRow {
    let Statement { id, officer, at: when, before, after, .. } = &own.statement;
    let by = at.directory.officers.get(officer).map(|officer| officer.name.clone());
    let refused = match &own.became {
        Some(StatedBecame::Refused { why }) => Some(unlisted(why)),
        Some(StatedBecame::Stands) | None => None,
    };
    let now = kept.listed(after.id);
    let merged = over(now, (before.as_ref(), after));
    StatementRow {
        id: id.hex(),
        name: after.name.clone(),
        at: when.0,
        by: by.unwrap_or_default(),
        changes: shown::changes((before.as_ref(), after), kept),
        refused,
        again: EntryForm { instead_of: Some(id.hex()), ..form_of(&merged, now) },
        heirs: kept.shown(&merged.heirs, at.today),
    }
}
