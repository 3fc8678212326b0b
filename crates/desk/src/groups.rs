//! Recipients that are written to together: groups that clerks keep, and who got the last document
//! of a kind.
use contract::{AgenciesAsked, Done, Failure, GroupForm, RecipientsTogether, Topic};
use register::{
    Act, AgencyId, Direction, Outgoing, RecipientGroup, State, reference, render_number,
};
use store::{DocumentStanding, ListFilter, Narrow, StoreError, View};

use crate::acts::{document_id, done};
use crate::desk::Desk;
use crate::exchange::KnownAgencies;
use crate::session::AtDesk;
use crate::words::at_field;

/// Documents among which the last one of a kind is looked for.
const LOOKED_BACK_MAX: u32 = 200;

impl Desk {
    /// Groups whose name holds every typed word, marks optional. Before them, while nothing is
    /// typed, who got the last document of the kind of this one.
    pub(crate) fn groups_found(
        &self,
        at: &AtDesk,
        known: &KnownAgencies,
        asked: &AgenciesAsked,
    ) -> Result<Vec<RecipientsTogether>, Failure> {
        let typed = text::fold(&asked.text);
        let mut found = Vec::new();
        if let (Some(id), true) = (&asked.document, typed.trim().is_empty()) {
            let document = self.outgoing(at, document_id(id)?)?;
            let last = self.look(&at.opened, |view| last_of_kind(view, at, &document))?;
            found.extend(last.map(|(name, members)| RecipientsTogether {
                last: true,
                ..together(name, &members, (at, known))
            }));
        }
        let groups = at.directory.agency.as_ref().map(|agency| agency.groups.as_slice());
        for group in groups.unwrap_or_default() {
            let name = text::fold(&group.name);
            if typed.split_whitespace().all(|word| name.contains(word)) {
                found.push(together(group.name.clone(), &group.members, (at, known)));
            }
        }
        Ok(found)
    }

    /// Makes a group, changes the one of that name, or takes it away.
    pub(crate) fn keep_group(&self, form: &GroupForm) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        let name = at.reader().line("name", &form.name)?;
        let read = |id: &String| {
            AgencyId::parse(id).map_err(|_| {
                at_field(
                    "recipients",
                    "Có nơi nhận chưa có trong danh bạ liên thông.".to_owned(),
                    "Chọn nơi nhận trong danh bạ rồi lưu nhóm.",
                )
            })
        };
        let members = form.agencies.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let sentence = if members.is_empty() { "group_gone" } else { "group_set" };
        let group = RecipientGroup { name: name.clone(), members };
        let id = at.opened.agency.hex();
        self.plain_act(&at, Act::SetGroup { group })?;
        Ok(done(id, sentence, vec![name], &[Topic::Administration]))
    }
}

/// A group as it stands in the directory of today.
fn together(
    name: String,
    ids: &[AgencyId],
    (at, known): (&AtDesk, &KnownAgencies),
) -> RecipientsTogether {
    let members: Vec<_> = ids.iter().filter_map(|id| known.known(*id, at.today)).collect();
    let unknown = u32::try_from(ids.len() - members.len()).unwrap_or(u32::MAX);
    RecipientsTogether { name, last: false, members, unknown }
}

/// Who got the newest other document of the kind.
fn last_of_kind(
    view: &View<'_>,
    at: &AtDesk,
    document: &Outgoing,
) -> Result<Option<(String, Vec<AgencyId>)>, StoreError> {
    let filter = ListFilter {
        direction: Some(Direction::Outgoing),
        narrow: Some(Narrow::Standing(DocumentStanding::Sent)),
        ..ListFilter::default()
    };
    let window = view.window(&at.lens, &filter, 0, LOOKED_BACK_MAX)?;
    let like = window.rows.iter().find_map(|row| {
        let State::Outgoing(other) = &row.state else { return None };
        let same = other.fields.kind == document.fields.kind && other.id != document.id;
        (same && !other.parcels.is_empty()).then_some(other)
    });
    let Some(like) = like else { return Ok(None) };
    let mut members: Vec<AgencyId> = Vec::new();
    for parcel in view.parcels(&like.parcels)? {
        if !members.contains(&parcel.to.agency) {
            members.push(parcel.to.agency);
        }
    }
    let number = like.given.as_ref().and_then(|given| Some((given, given.number?)));
    let name = number.map_or_else(String::new, |(given, number)| {
        reference(&render_number(number), &given.symbol)
    });
    Ok(Some((name, members)))
}
