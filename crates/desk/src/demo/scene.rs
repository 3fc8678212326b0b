//! The last days of the demo commune, told by hand: something in every state.
use std::collections::BTreeMap;

use register::{Act, Attachment, DocumentId, IncomingFields, IncomingRegistered};

use super::cast::CLERK;
use super::scene_before::BEFORE;
use super::scene_came::Came;
use super::scene_drafts;
use super::scene_now::NOW;
use super::scene_work::{self, Place};
use super::timing::Timing;
use crate::fill::{Chance, InventFault, Names, Office, Scribe, Step, lacks};

/// The real files, by name.
pub(super) type Pages = BTreeMap<&'static str, Attachment>;

/// Adds the acts of the scene.
pub(super) fn plan(
    office: &Office,
    scribe: &mut Scribe<'_>,
    timing: &Timing,
    pages: &Pages,
) -> Result<(), InventFault> {
    let mut known = BTreeMap::new();
    for came in BEFORE.iter().chain(NOW) {
        let document = comes(office, scribe, timing, pages, came)?;
        known.insert(came.number_and_symbol, document);
        let place = Place { days_ago: came.days_ago, minute: came.minute, document };
        scene_work::follow(office, scribe, timing, place, &came.then)?;
    }
    scene_work::alone(office, scribe, timing)?;
    scene_drafts::plan(office, scribe, timing, pages, &known)
}

fn comes(
    office: &Office,
    scribe: &mut Scribe<'_>,
    timing: &Timing,
    pages: &Pages,
    came: &Came,
) -> Result<DocumentId, InventFault> {
    let names = Names::beside([]);
    let at = timing.at(came.days_ago, came.minute);
    let document = DocumentId(office.clock.id_at(at));
    let book = office.book("Văn bản đến")?;
    let (number, symbol) = came.number_and_symbol.split_once('/').unwrap_or_default();
    let attachments = match came.page {
        "" => Vec::new(),
        page => vec![pages.get(page).cloned().ok_or_else(|| lacks(page))?],
    };
    let pages = attachments.first().and_then(|file| file.pages);
    let signer = match came.signer {
        "" => names.any(&mut Chance::new(at.0.unsigned_abs())),
        signer => signer.to_owned(),
    };
    let fields = IncomingFields {
        number: number.to_owned(),
        symbol: symbol.to_owned(),
        issued_on: Some(timing.day(came.days_ago + came.issued_before)),
        issuer: came.issuer.to_owned(),
        kind: came.kind.to_owned(),
        subject: came.subject.to_owned(),
        urgency: came.urgency,
        signer,
        due: came.answer_in.map(|days| timing.due(days)),
        pages: pages.or(Some(2)),
        copies: Some(1),
        ..IncomingFields::default()
    };
    let submit_to = came.then.submitted_to().map(|name| office.who(name)).transpose()?;
    let act = Act::RegisterIncoming(IncomingRegistered {
        document,
        book,
        arrived_on: at.date(),
        fields,
        attachments,
        secret: false,
        slip: None,
        twin_reason: None,
        submit_to: None,
        arrival: None,
    });
    scribe.add(Step { at, by: office.who(CLERK)?, numbered_in: Some(book), act });
    if let Some(to) = submit_to {
        let proposal = came.then.proposal().to_owned();
        let act = Act::SubmitIncoming { document, to, proposal };
        scribe.plain(timing.at(came.days_ago, came.minute + 6), office.who(CLERK)?, act);
    }
    Ok(document)
}
