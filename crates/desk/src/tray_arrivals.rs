//! Cards of what other agencies sent: every field is filled from what they stated.
use contract::{ArrivalShown, Failure, Fields, TrayCard, TrayCardState, TwinsAsked};
use register::{Arrival, Moment};
use store::FormDraft;

use crate::acts::card_of_arrival;
use crate::desk::Desk;
use crate::forms::{attachments_out, urgency_out};
use crate::session::AtDesk;
use crate::tray::Typed;
use crate::views::{arrival_shown, elsewhere};

/// How long the card of something that was taken back before anybody registered it says so.
const TAKEN_BACK_SHOWN_MS: i64 = 3 * 86_400_000;

/// Whether a card is shown for it now.
fn is_shown(arrival: &Arrival, now: Moment) -> bool {
    let answer = arrival.recall.as_ref().and_then(|recall| recall.answer.as_ref());
    let taken_back = answer.is_some_and(|answer| {
        answer.agreed && answer.at.0.saturating_add(TAKEN_BACK_SHOWN_MS) > now.0
    });
    arrival.waits() || taken_back
}

impl Desk {
    /// Adds the cards of what came from other agencies, the oldest first.
    pub(crate) fn add_arrivals(
        &self,
        at: &AtDesk,
        typed: &[FormDraft],
        cards: &mut Vec<TrayCard>,
    ) -> Result<(), Failure> {
        let now = self.source.now();
        let mut came = self.look(&at.opened, |view| view.arrivals_waiting())?;
        came.retain(|arrival| is_shown(arrival, now));
        came.sort_by_key(|arrival| (arrival.arrived_at, arrival.id));
        for arrival in &came {
            cards.push(self.arrival_card(at, arrival, typed)?);
        }
        Ok(())
    }

    fn arrival_card(
        &self,
        at: &AtDesk,
        arrival: &Arrival,
        typed: &[FormDraft],
    ) -> Result<TrayCard, Failure> {
        let id = card_of_arrival(arrival.id);
        let form = format!("incoming/tray:{id}");
        let draft = typed.iter().find(|draft| draft.form == form);
        let fields = draft
            .and_then(|draft| serde_json::from_str::<Typed>(&draft.content).ok())
            .map_or_else(|| self.stated(at, arrival), Typed::stated);
        let shown = self.look(&at.opened, |view| arrival_shown(view, at, arrival))?;
        let files = if arrival.is_recalled() { &[][..] } else { &arrival.letter.files };
        let asked = TwinsAsked {
            number: fields.number.clone(),
            symbol: fields.symbol.clone(),
            issuer: fields.issuer.clone(),
            issued_on: fields.issued_on.clone(),
            blobs: files.iter().map(|file| file.blob.hex()).collect(),
        };
        let open = arrival.taken_in.is_none() && !arrival.is_recalled();
        let twin = if open { self.twins_at(at, asked)?.into_iter().next() } else { None };
        let state = match &shown.recall {
            Some(recall) if recall.agreed => TrayCardState::Recalled,
            Some(recall) if recall.answered_at.is_none() => TrayCardState::Recall,
            Some(_) | None if twin.is_some() => TrayCardState::Twin,
            Some(_) | None => TrayCardState::Typed,
        };
        Ok(TrayCard {
            id,
            attachments: attachments_out(files),
            source: "exchange".to_owned(),
            came_at: arrival.arrived_at.0,
            state,
            reason: reason(&shown),
            twin,
            title: arrival.letter.subject.clone(),
            fields,
            arrival: Some(shown),
            elsewhere: elsewhere(at, files),
        })
    }

    /// What stands on it, as its issuer stated it.
    fn stated(&self, at: &AtDesk, arrival: &Arrival) -> Fields {
        let letter = &arrival.letter;
        let kinds = at.directory.agency.as_ref().map(|agency| agency.kinds.as_slice());
        let kinds = kinds.unwrap_or_default();
        let same_name = |name: &str| text::match_key(name) == text::match_key(&letter.kind_name);
        let kind = kinds
            .iter()
            .find(|kind| same_name(&kind.name))
            .or_else(|| kinds.iter().find(|kind| kind.id == letter.kind));
        Fields {
            number: letter.number.clone(),
            symbol: letter.symbol.clone(),
            issued_on: letter.issued_on.to_string(),
            issuer: arrival.from.name.clone(),
            kind: kind.map(|kind| kind.id.clone()).unwrap_or_default(),
            subject: letter.subject.clone(),
            urgency: urgency_out(letter.urgency),
            signer: letter.signer.clone(),
            signer_position: letter.signer_position.clone(),
            due: arrival.due.map(|due| due.to_string()).unwrap_or_default(),
            pages: letter.pages.map(|pages| pages.to_string()).unwrap_or_default(),
            language: letter.language.clone(),
            ..Fields::default()
        }
    }
}

/// What a card of something taken back says of it.
fn reason(shown: &ArrivalShown) -> String {
    shown.recall.as_ref().map(|recall| recall.reason.clone()).unwrap_or_default()
}
