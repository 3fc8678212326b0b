//! Chờ vào sổ: cards of files that came and are not registered yet.
use contract::{
    Attachment, Done, Failure, Fields, Reasoned, ScanFolderState, Topic, Tray, TrayCard,
    TrayCardState, TwinsAsked,
};
use register::{Moment, Right, Role};
use serde::{Deserialize, Serialize};
use store::TrayEntry;

use crate::acts::done;
use crate::desk::Desk;
use crate::faults::of_store;
use crate::session::AtDesk;
use crate::words::{failure, refusal};

/// A card as kept on this PC.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Card {
    /// The files.
    pub attachments: Vec<Attachment>,
    /// `scan` or `dropped`.
    pub source: String,
    /// Why it was refused; then it has no files.
    #[serde(default)]
    pub refused: String,
}

/// Puts a card into the tray.
pub(crate) fn put(
    store: &store::Store,
    id: String,
    card: &Card,
    came_at: Moment,
) -> Result<(), store::StoreError> {
    let body = serde_json::to_string(card).unwrap_or_default();
    store.put_tray(&TrayEntry { id, body, came_at })
}

impl Desk {
    /// A card for a stored file.
    pub(crate) fn put_card(
        &self,
        at: &AtDesk,
        source: &str,
        attachment: Attachment,
    ) -> Result<(), Failure> {
        let card = Card {
            attachments: vec![attachment],
            source: source.to_owned(),
            refused: String::new(),
        };
        self.put_new(at, &card)
    }

    /// A card without content for a file that must not be kept.
    pub(crate) fn put_refused_card(
        &self,
        at: &AtDesk,
        source: &str,
        why: &Failure,
    ) -> Result<(), Failure> {
        let refused = format!("{} {}", why.what, why.todo);
        let card = Card { attachments: Vec::new(), source: source.to_owned(), refused };
        self.put_new(at, &card)
    }

    fn put_new(&self, at: &AtDesk, card: &Card) -> Result<(), Failure> {
        let id = register::CommandId(self.source.id()).hex();
        put(&at.opened.store, id, card, self.source.now()).map_err(|error| of_store(&error))
    }

    pub(crate) fn tray_size(&self, at: &AtDesk) -> Result<u32, Failure> {
        let entries = at.opened.store.tray().map_err(|error| of_store(&error))?;
        let came = self.look(&at.opened, |view| view.arrivals_waiting())?;
        let waiting = entries.len() + came.iter().filter(|arrival| arrival.waits()).count();
        Ok(u32::try_from(waiting).unwrap_or(u32::MAX))
    }

    /// The tray, with what was typed so far and documents like the cards.
    pub(crate) fn tray_now(&self) -> Result<Tray, Failure> {
        let at = self.at_desk()?;
        must_keep_books(&at)?;
        let entries = at.opened.store.tray().map_err(|error| of_store(&error))?;
        let typed = at.opened.store.forms(at.officer.id).map_err(|error| of_store(&error))?;
        let mut cards = Vec::new();
        for entry in entries {
            let Ok(card) = serde_json::from_str::<Card>(&entry.body) else {
                tracing::error!(id = entry.id, "a card of the tray cannot be read");
                continue;
            };
            let form = format!("incoming/tray:{}", entry.id);
            let typed = typed.iter().find(|draft| draft.form == form);
            let fields: Fields = typed
                .and_then(|draft| serde_json::from_str::<Typed>(&draft.content).ok())
                .map(Typed::stated)
                .unwrap_or_default();
            cards.push(self.card_shown(&at, (entry, card), fields, typed.is_some())?);
        }
        self.add_arrivals(&at, &typed, &mut cards)?;
        let (folder, trouble) =
            self.with_background(crate::background::Background::scan_folder_state)?;
        Ok(Tray { cards, folder, trouble: trouble.map(|trouble| trouble.said) })
    }

    /// The watched folder as an administrator sees it: the cards themselves are the clerk's.
    pub(crate) fn scan_folder_now(&self) -> Result<ScanFolderState, Failure> {
        let at = self.at_desk()?;
        if !at.may(Right::KeepBooks) && !at.may(Right::Administer) {
            return Err(refusal(&register::Refusal::Forbidden { needs: Role::Administrator }));
        }
        let entries = at.opened.store.tray().map_err(|error| of_store(&error))?;
        let cards = entries.iter().filter_map(|entry| serde_json::from_str(&entry.body).ok());
        let refused = cards.map(|card: Card| card.refused).filter(|why| !why.is_empty()).collect();
        let (folder, trouble) =
            self.with_background(crate::background::Background::scan_folder_state)?;
        Ok(ScanFolderState {
            folder,
            trouble_since: trouble.as_ref().map(|trouble| trouble.since.0),
            trouble: trouble.map(|trouble| trouble.said),
            waiting: u32::try_from(entries.len()).unwrap_or(u32::MAX),
            refused,
        })
    }

    fn card_shown(
        &self,
        at: &AtDesk,
        (entry, card): (TrayEntry, Card),
        fields: Fields,
        typed: bool,
    ) -> Result<TrayCard, Failure> {
        let asked = TwinsAsked {
            number: fields.number.clone(),
            symbol: fields.symbol.clone(),
            issuer: fields.issuer.clone(),
            issued_on: fields.issued_on.clone(),
            blobs: card.attachments.iter().map(|file| file.blob.clone()).collect(),
        };
        let twin = self.twins_at(at, asked)?.into_iter().next();
        let state = if !card.refused.is_empty() {
            TrayCardState::Refused
        } else if twin.is_some() {
            TrayCardState::Twin
        } else if typed {
            TrayCardState::Typed
        } else {
            TrayCardState::Empty
        };
        let name = card.attachments.first().map(|file| file.name.clone()).unwrap_or_default();
        let title = if fields.subject.is_empty() { name } else { fields.subject.clone() };
        Ok(TrayCard {
            id: entry.id,
            attachments: card.attachments,
            source: card.source,
            came_at: entry.came_at.0,
            state,
            reason: card.refused,
            twin,
            fields,
            title,
            arrival: None,
            elsewhere: Vec::new(),
        })
    }

    /// Takes a card out of the tray after its document was registered.
    pub(crate) fn forget_card(&self, id: &str) -> Result<(), Failure> {
        let at = self.at_desk()?;
        at.opened.store.take_tray(id).map_err(|error| of_store(&error))?;
        let form = format!("incoming/tray:{id}");
        at.opened.store.forget_form(at.officer.id, &form).map_err(|error| of_store(&error))
    }

    /// Puts a card aside: it was not to be registered. The file itself stays in the scan folder.
    pub(crate) fn dismiss(&self, form: Reasoned) -> Result<Done, Failure> {
        let Reasoned { id, reason } = form;
        let at = self.at_desk()?;
        must_keep_books(&at)?;
        let entry = at.opened.store.tray_entry(&id).map_err(|error| of_store(&error))?;
        if entry.is_none() {
            return Err(failure("unknown", "Thẻ này không còn trong khay.", "Xem lại khay."));
        }
        tracing::info!(card = id, reason, "a card was put aside");
        self.forget_card(&id)?;
        Ok(done(id, "card_dismissed", vec![], &[Topic::Tray]))
    }
}

/// What the page saves of a card's form: only the fields are read here.
#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    pub(crate) fields: Fields,
    /// Number and symbol as they are typed: in one box.
    #[serde(default)]
    reference: String,
}

impl Typed {
    /// What was typed, as fields of a document.
    pub(crate) fn stated(self) -> Fields {
        let Typed { mut fields, reference } = self;
        if fields.number.is_empty() && fields.symbol.is_empty() {
            let (number, symbol) = reference.split_once('/').unwrap_or((&reference, ""));
            (fields.number, fields.symbol) = (number.trim().into(), symbol.trim().into());
        }
        fields
    }
}

fn must_keep_books(at: &AtDesk) -> Result<(), Failure> {
    if at.may(Right::KeepBooks) {
        return Ok(());
    }
    Err(refusal(&register::Refusal::Forbidden { needs: Role::Clerk }))
}
