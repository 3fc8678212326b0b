//! Who got a document, and what came from other agencies.
use std::collections::BTreeSet;

use contract::{
    AgenciesAsked, AgenciesFound, ArrivalShown, Failure, Meant, OneId, ParcelRow, ParcelStanding,
    Parcels, Reach, RecallShown, Replacement,
};
use register::{
    Act, Answered, Arrival, Key, Outgoing, Parcel, Recall, Said, State, Undeliverable,
    render_number,
};
use store::{StoreError, View};

use super::line::reach;
use super::offers::Offers;
use super::replacing::{beside_came, beside_sent, sent_shown};
use super::rows::row_of_state;
use crate::acts::document_id;
use crate::desk::Desk;
use crate::session::AtDesk;
use crate::words::failure;

/// Agencies offered for what was typed.
const AGENCIES_MAX: usize = 20;

pub(crate) fn standing_out(standing: register::ParcelStanding) -> ParcelStanding {
    match standing {
        register::ParcelStanding::Sent => ParcelStanding::Sent,
        register::ParcelStanding::Undeliverable => ParcelStanding::Undeliverable,
        register::ParcelStanding::Arrived => ParcelStanding::Arrived,
        register::ParcelStanding::Refused => ParcelStanding::Refused,
        register::ParcelStanding::Accepted => ParcelStanding::Accepted,
        register::ParcelStanding::Assigned => ParcelStanding::Assigned,
        register::ParcelStanding::InProgress => ParcelStanding::InProgress,
        register::ParcelStanding::Done => ParcelStanding::Done,
        register::ParcelStanding::RecallAsked => ParcelStanding::RecallAsked,
        register::ParcelStanding::Recalled => ParcelStanding::Recalled,
    }
}

fn recall_shown(recall: &Recall, replaced_by: Option<Replacement>) -> RecallShown {
    let answer = recall.answer.as_ref();
    RecallShown {
        at: recall.at.0,
        by: recall.by.clone(),
        reason: recall.reason.clone(),
        answered_at: answer.map(|answer| answer.at.0),
        agreed: answer.is_some_and(|answer| answer.agreed),
        by_itself: answer.is_some_and(|answer| answer.by_itself),
        answered_by: answer.map(|answer| answer.by.clone()).unwrap_or_default(),
        answer: answer.map(|answer| answer.reason.clone()).unwrap_or_default(),
        replaced_by,
    }
}

/// What came with a document, as the page shows it.
///
/// # Errors
/// Faults of the file.
pub(crate) fn arrival_shown(
    view: &View<'_>,
    at: &AtDesk,
    arrival: &Arrival,
) -> Result<ArrivalShown, StoreError> {
    let (replaces, replaced_by) = beside_came(view, at, arrival)?;
    let promised = |recall: &Recall| recall.replaced_by.and(replaced_by.last().cloned());
    let recall = arrival.recall.as_ref().map(|recall| recall_shown(recall, promised(recall)));
    let taken = arrival.taken_in.as_ref();
    let number = taken.and_then(|taken| taken.number).map(render_number);
    Ok(ArrivalShown {
        id: arrival.id.hex(),
        from: arrival.from.name.clone(),
        code: arrival.from.code.clone(),
        purpose: arrival.purpose.clone(),
        due: arrival.due.map(|due| due.to_string()),
        issued_at: arrival.issued_at.0,
        issued_by: arrival.issued_by.clone(),
        arrived_at: arrival.arrived_at.0,
        chased: u32::try_from(arrival.chased.len()).unwrap_or(u32::MAX),
        chase_note: arrival.chased.last().map(|chase| chase.note.clone()).unwrap_or_default(),
        recall,
        replaces,
        replaced_by,
        document: taken.map(|taken| taken.document.hex()),
        number: number.unwrap_or_default(),
    })
}

fn row(
    parcel: &Parcel,
    (reach, files_left): (Reach, u32),
    (may_chase, may_recall): (bool, bool),
    replaced_by: Option<Replacement>,
) -> ParcelRow {
    let ms = |at: Option<register::Moment>| at.map(|at| at.0);
    let (mut number, mut refused, mut misaddressed) = (String::new(), String::new(), false);
    match parcel.answer.as_ref().map(|answer| &answer.said) {
        Some(Said::Accepted { number: given, .. }) => {
            number = given.map(render_number).unwrap_or_default();
        }
        Some(Said::Refused { reason, misaddressed: wrong }) => {
            (refused, misaddressed) = (reason.clone(), *wrong);
        }
        None => {}
    }
    let answer = parcel.answer.as_ref();
    let lost = parcel.lost.map(|(why, _)| match why {
        Undeliverable::NoSuchAgency => "no_such_agency",
        Undeliverable::NameTaken => "name_taken",
    });
    ParcelRow {
        id: parcel.id.hex(),
        agency: parcel.to.agency.hex(),
        name: parcel.to.name.clone(),
        code: parcel.to.code.clone(),
        purpose: parcel.purpose.clone(),
        due: parcel.due.map(|due| due.to_string()),
        standing: standing_out(parcel.standing()),
        reach,
        files_left: if parcel.arrived.is_none() { files_left } else { 0 },
        sent_at: parcel.issued_at.0,
        arrived_at: ms(parcel.arrived),
        fetched_at: ms(parcel.fetched),
        answered_at: answer.map(|answer| answer.at.0),
        answered_by: answer.map(|answer| answer.by.clone()).unwrap_or_default(),
        number,
        refused,
        misaddressed,
        assigned_at: ms(parcel.assigned),
        in_progress_at: ms(parcel.in_progress),
        done_at: ms(parcel.done),
        chased: u32::try_from(parcel.chased.len()).unwrap_or(u32::MAX),
        chased_at: parcel.chased.last().map(|chase| chase.at.0),
        recall: parcel.recall.as_ref().map(|recall| recall_shown(recall, replaced_by)),
        lost: lost.map(str::to_owned),
        may_chase,
        may_recall,
    }
}

fn has_accepted(parcel: &Parcel) -> bool {
    matches!(&parcel.answer, Some(Answered { said: Said::Accepted { .. }, .. }))
}

/// How many agencies a document was sent to, and how many have it in a book.
pub(crate) fn sent_to(parcels: &[Parcel]) -> (u32, u32) {
    let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
    let accepted = parcels.iter().filter(|parcel| has_accepted(parcel)).count();
    (count(parcels.len()), count(accepted))
}

impl Desk {
    /// Everybody a document was sent to.
    pub(crate) fn parcels_now(&self, asked: OneId) -> Result<Parcels, Failure> {
        let at = self.at_desk()?;
        let document = self.outgoing(&at, document_id(&asked.id)?)?;
        let shown = self.look(&at.opened, |view| self.parcels_shown(view, &at, &document))?;
        shown.ok_or_else(|| {
            failure("unknown", "Không thấy văn bản này trên máy.", "Về danh sách rồi mở lại.")
        })
    }

    fn parcels_shown(
        &self,
        view: &View<'_>,
        at: &AtDesk,
        document: &Outgoing,
    ) -> Result<Option<Parcels>, StoreError> {
        let state = State::Outgoing(Box::new(document.clone()));
        let Some(shown) = row_of_state(view, at, &state)? else { return Ok(None) };
        let parcels = view.parcels(&document.parcels)?;
        let mut rows = Vec::new();
        let mut files_left = 0;
        for file in &document.attachments {
            files_left += u32::from(view.is_going_up(file.blob)?);
        }
        let mut offers = Offers::new(self, view, at);
        for parcel in &parcels {
            // A reminder that waits here does not bring back what is with the server.
            let known = at.directory.linked && view.is_in_the_log(Key::Parcel(parcel.id))?;
            let reach = match known {
                true => Reach::Server,
                false => reach(view, at, Key::Parcel(parcel.id))?,
            };
            let chase = Act::Chase { parcels: vec![parcel.id], note: String::new() };
            let recall = Act::Recall {
                document: document.id,
                parcels: vec![parcel.id],
                reason: "…".to_owned(),
                replaced_by: None,
            };
            let may = (offers.would(chase)?, offers.would(recall)?);
            let instead = parcel.recall.as_ref().and_then(|recall| recall.replaced_by);
            let instead = match instead {
                Some(document) => sent_shown(view, at, document)?,
                None => None,
            };
            rows.push(row(parcel, (reach, files_left), may, instead));
        }
        let (_, accepted) = sent_to(&parcels);
        let is = |standing: &[ParcelStanding]| {
            let many = rows.iter().filter(|row| standing.contains(&row.standing)).count();
            u32::try_from(many).unwrap_or(u32::MAX)
        };
        let refused = is(&[ParcelStanding::Refused, ParcelStanding::Undeliverable]);
        let unanswered = is(&[ParcelStanding::Sent, ParcelStanding::Arrived]);
        let (replaces, replaced_by) = beside_sent(view, at, document)?;
        let may_issue = at.directory.linked && offers.would_issue(document)?;
        let may_replace = offers.would_replace(document)?;
        Ok(Some(Parcels {
            document: shown,
            rows,
            accepted,
            refused,
            unanswered,
            may_issue,
            may_replace,
            recalled: document.recalled.as_ref().map(|void| void.reason.clone()),
            replaces,
            replaced_by,
        }))
    }

    /// Agencies that fit what was typed, the likeliest first.
    pub(crate) fn find_agencies(&self, asked: &AgenciesAsked) -> Result<AgenciesFound, Failure> {
        let at = self.at_desk()?;
        let agencies = self.agencies(&at)?;
        let groups = self.groups_found(&at, &agencies, asked)?;
        Ok(AgenciesFound { agencies: agencies.found(&asked.text, at.today, AGENCIES_MAX), groups })
    }

    /// Which agencies the recipients of a draft mean; nobody is chosen who may mean several.
    pub(crate) fn meant_by(&self, asked: &OneId) -> Result<Meant, Failure> {
        let at = self.at_desk()?;
        let document = self.outgoing(&at, document_id(&asked.id)?)?;
        let known = self.agencies(&at)?;
        let parcels = self.parcels_of(&at, &document)?;
        let sent: BTreeSet<String> = parcels
            .iter()
            .filter(|parcel| parcel.is_live())
            .map(|parcel| parcel.to.agency.hex())
            .collect();
        let due = document.fields.due.map(|due| due.to_string()).unwrap_or_default();
        let mut meant = Meant { agencies: Vec::new(), on_paper: Vec::new(), due };
        for recipient in &document.fields.recipients {
            match known.meant(recipient, at.today) {
                Some(agency) if sent.contains(&agency.agency) => {}
                Some(agency) if meant.agencies.contains(&agency) => {}
                Some(agency) => meant.agencies.push(agency),
                None => meant.on_paper.push(recipient.name.clone()),
            }
        }
        Ok(meant)
    }

    /// What came with an incoming document, where it came from another agency.
    pub(crate) fn arrival_of(
        &self,
        view: &View<'_>,
        at: &AtDesk,
        parcel: Option<register::ParcelId>,
    ) -> Result<Option<ArrivalShown>, StoreError> {
        let Some(parcel) = parcel else { return Ok(None) };
        Ok(match view.state(Key::Arrival(parcel))? {
            Some(state) if !at.lens.sees(&state) => None,
            Some(State::Arrival(arrival)) => Some(arrival_shown(view, at, &arrival)?),
            Some(_) | None => None,
        })
    }
}
