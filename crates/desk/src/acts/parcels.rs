//! Between agencies: send, remind, call back; send back what came, answer a recall.
use contract::{
    AddresseeForm, AnswerRecallForm, ChaseForm, Done, Failure, IssueForm, RecallForm,
    RefuseArrivalForm, Topic,
};
use register::{
    Act, Address, Addressee, AgencyId, Issued, Outgoing, Parcel, ParcelId, ParcelStanding,
};

use super::{document_id, done};
use crate::desk::Desk;
use crate::session::AtDesk;
use crate::words::{at_field, failure};

const TOUCHED: &[Topic] = &[Topic::Documents, Topic::Document, Topic::Books];
/// How a document leaves, as it stands in the book (Phụ lục IV: Ngày chuyển, Ký nhận).
const OVER_THE_EXCHANGE: &str = "Liên thông";
/// What stands before the parcel in the id of a card.
const CARD: &str = "arrival:";

/// The parcel behind a card of the tray.
pub(crate) fn arrival_of_card(card: &str) -> Option<ParcelId> {
    ParcelId::parse(card.strip_prefix(CARD)?).ok()
}

/// The card of a parcel.
pub(crate) fn card_of_arrival(parcel: ParcelId) -> String {
    format!("{CARD}{parcel}")
}

fn parcel_id(text: &str) -> Result<ParcelId, Failure> {
    let gone = |_| failure("unknown", "Không thấy lượt gửi này trên máy.", "Mở lại văn bản.");
    ParcelId::parse(text).map_err(gone)
}

/// Of the parcels that are named, or of all where none is, those with which it can be done: one
/// that has answered since is not counted.
fn chosen(
    all: &[Parcel],
    named: &[String],
    can: impl Fn(&Parcel) -> bool,
) -> Result<Vec<ParcelId>, Failure> {
    let named: Vec<ParcelId> =
        named.iter().map(|text| parcel_id(text)).collect::<Result<_, _>>()?;
    let is_meant = |id| named.is_empty() || named.contains(&id);
    Ok(all.iter().filter(|one| is_meant(one.id) && can(one)).map(|one| one.id).collect())
}

impl Desk {
    pub(crate) fn issue_document(&self, form: IssueForm) -> Result<Done, Failure> {
        let IssueForm { id, on, to } = form;
        let at = self.at_desk()?;
        must_be_linked(&at)?;
        let document = self.outgoing(&at, document_id(&id)?)?;
        let on = at.reader().date("on", &on)?.unwrap_or(at.today);
        // Of several that went to one agency the last is replaced; its own come behind the others.
        let mut before = match document.replaces {
            Some(replaced) => {
                let mut all = self.parcels_of(&at, &self.outgoing(&at, replaced)?)?;
                all.retain(|parcel| parcel.lost.is_none());
                all
            }
            None => Vec::new(),
        };
        let own = self.parcels_of(&at, &document)?.into_iter();
        before.extend(own.filter(|parcel| parcel.standing() == ParcelStanding::Recalled));
        let mut addressees = Vec::new();
        for addressee in &to {
            addressees.push(self.addressee(&at, addressee, &before)?);
        }
        let count = addressees.len().to_string();
        let issued =
            Issued { document: document.id, on, how: OVER_THE_EXCHANGE.to_owned(), to: addressees };
        self.plain_act(&at, Act::Issue(issued))?;
        Ok(done(id, "issued", vec![count], TOUCHED))
    }

    fn addressee(
        &self,
        at: &AtDesk,
        form: &AddresseeForm,
        before: &[Parcel],
    ) -> Result<Addressee, Failure> {
        let reader = at.reader();
        let agency = AgencyId::parse(&form.agency).map_err(|_| {
            at_field(
                "recipients",
                format!("“{}” chưa có trong danh bạ liên thông.", form.name),
                "Chọn nơi nhận trong danh bạ, hoặc gửi giấy.",
            )
        })?;
        // Who has, or had, what went out before gets this in its place.
        let replaces = before.iter().rev().find(|parcel| parcel.to.agency == agency);
        Ok(Addressee {
            parcel: ParcelId(self.source.id()),
            to: Address {
                agency,
                code: reader.line("recipients", &form.code)?,
                name: reader.line("recipients", &form.name)?,
            },
            purpose: reader.line("purpose", &form.purpose)?,
            due: reader.deadline("due", &form.due)?,
            replaces: replaces.map(|parcel| parcel.id),
        })
    }

    /// The parcels of a document, in the order they were sent.
    pub(crate) fn parcels_of(
        &self,
        at: &AtDesk,
        document: &Outgoing,
    ) -> Result<Vec<Parcel>, Failure> {
        self.look(&at.opened, |view| view.parcels(&document.parcels))
    }

    pub(crate) fn chase_parcels(&self, form: ChaseForm) -> Result<Done, Failure> {
        let ChaseForm { id, parcels, note } = form;
        let at = self.at_desk()?;
        let document = self.outgoing(&at, document_id(&id)?)?;
        let note = at.reader().text("note", &note)?;
        let all = self.parcels_of(&at, &document)?;
        let chosen = chosen(&all, &parcels, Parcel::is_unanswered)?;
        let count = chosen.len().to_string();
        self.plain_act(&at, Act::Chase { parcels: chosen, note })?;
        Ok(done(id, "chased", vec![count], TOUCHED))
    }

    pub(crate) fn recall_document(&self, form: RecallForm) -> Result<Done, Failure> {
        let RecallForm { id, parcels, reason, replaced_by } = form;
        let at = self.at_desk()?;
        let document = self.outgoing(&at, document_id(&id)?)?;
        let reason = at.reader().text("reason", &reason)?;
        let replaced_by = match replaced_by.as_deref() {
            None | Some("") => None,
            Some(other) => Some(document_id(other)?),
        };
        let all = self.parcels_of(&at, &document)?;
        let parcels = chosen(&all, &parcels, Parcel::may_be_recalled)?;
        let count = parcels.len().to_string();
        let document = document.id;
        self.plain_act(&at, Act::Recall { document, parcels, reason, replaced_by })?;
        Ok(done(id, "recall_asked", vec![count], TOUCHED))
    }

    pub(crate) fn send_back(&self, form: RefuseArrivalForm) -> Result<Done, Failure> {
        let RefuseArrivalForm { id, reason, misaddressed } = form;
        let at = self.at_desk()?;
        let arrival = parcel_id(&id)?;
        let reason = at.reader().text("reason", &reason)?;
        self.plain_act(&at, Act::RefuseArrival { arrival, reason, misaddressed })?;
        self.forget_card(&card_of_arrival(arrival))?;
        Ok(done(id, "arrival_refused", vec![], &[Topic::Tray]))
    }

    pub(crate) fn answer_to_recall(&self, form: AnswerRecallForm) -> Result<Done, Failure> {
        let AnswerRecallForm { id, agree, reason } = form;
        let at = self.at_desk()?;
        let arrival = parcel_id(&id)?;
        let reason = at.reader().text("reason", &reason)?;
        self.plain_act(&at, Act::AnswerRecall { arrival, agree, reason })?;
        let sentence = if agree { "recall_agreed" } else { "recall_refused" };
        let touched = [Topic::Tray, Topic::Documents, Topic::Document, Topic::Tasks];
        Ok(done(id, sentence, vec![], &touched))
    }
}

fn must_be_linked(at: &AtDesk) -> Result<(), Failure> {
    if at.directory.linked {
        return Ok(());
    }
    Err(failure(
        "not_linked",
        "Cơ quan chưa nối với máy chủ nên chưa gửi liên thông được.",
        "Gửi giấy, hoặc nhờ quản trị nối máy chủ ở màn hình Đồng bộ.",
    ))
}
