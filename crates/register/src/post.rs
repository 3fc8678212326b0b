//! What goes between two agencies because of what changed in one of them: nothing else goes.
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::agency::Agency;
use crate::command::{Act, ReadTo};
use crate::id::{AgencyId, DocumentId, OfficerId, ParcelId};
use crate::moment::Moment;
use crate::number::render_number;
use crate::outgoing::Outgoing;
use crate::parcel::{
    Address, Arrival, Chase, Letter, Parcel, Recall, Said, SentBack, Undeliverable,
};
use crate::picture::{Key, State};

/// One thing that one agency's log tells another's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "matter", content = "body")]
pub enum Matter {
    /// A document comes.
    Deliver(Box<Delivery>),
    /// Its sender reminds.
    Chase(Chased),
    /// Its sender wants it back.
    Recall(RecallAsked),
    /// What has become of it.
    Receipt(Receipt),
}

/// A document as it comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The parcel.
    pub parcel: ParcelId,
    /// Who sends it.
    pub from: Address,
    /// When it was issued.
    pub issued_at: Moment,
    /// By whom, by name.
    pub issued_by: String,
    /// What it is sent for.
    pub purpose: String,
    /// Until when an answer is asked for.
    pub due: Option<Date>,
    /// The parcel it takes the place of.
    pub replaces: Option<ParcelId>,
    /// What stands on it.
    pub letter: Letter,
    /// The entry of the sender's log.
    pub cause: ReadTo,
}

/// A reminder as it comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chased {
    /// The parcel.
    pub parcel: ParcelId,
    /// Its place among the reminders of this parcel, from 1: it is told once.
    pub nth: u32,
    /// When.
    pub at: Moment,
    /// Who, by name.
    pub by: String,
    /// The words.
    pub note: String,
}

/// A recall as it comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecallAsked {
    /// The parcel.
    pub parcel: ParcelId,
    /// When.
    pub at: Moment,
    /// Who, by name.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The document that is sent in its place.
    pub replaced_by: Option<DocumentId>,
}

/// What has become of a parcel at its recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The parcel.
    pub parcel: ParcelId,
    /// The entry of the recipient's log that says so.
    pub place: ReadTo,
    /// When.
    pub at: Moment,
    /// Who, by name; empty where nobody did anything.
    pub by: String,
    /// What.
    pub told: Told,
}

/// The statuses of QCVN 102 (QĐ 28/2018), and two of our own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Told {
    /// 01.
    Arrived,
    /// A PC of the recipient has it: until then nobody there can have read it.
    Fetched,
    /// 02 or 03.
    Answered(Said),
    /// 04.
    Assigned,
    /// 05.
    InProgress,
    /// 06.
    Done,
    /// 15 or 16.
    RecallAnswered {
        /// 15.
        agreed: bool,
        /// Nobody had taken it in yet.
        by_itself: bool,
        /// Why not, or a remark.
        reason: String,
    },
    /// It cannot arrive.
    Undeliverable {
        /// Why.
        why: Undeliverable,
    },
}

/// What is to be told of a change of the sender's half.
fn news_of_parcel(before: &Parcel, after: &Parcel) -> Vec<Matter> {
    let mut news = Vec::new();
    if after.chased.len() > before.chased.len() {
        news.extend(after.chased.last().map(|last| chased(after, last)));
    }
    if before.recall.is_none() {
        news.extend(after.recall.as_ref().map(|recall| recall_asked(after, recall)));
    }
    news
}

/// Looks up when a step of the work was done.
type Step = fn(&Arrival) -> Option<Moment>;

/// Who did what is told.
#[derive(Debug, Clone, PartialEq, Eq)]
enum By {
    /// Nobody in particular.
    Nobody,
    /// An officer whose name is to be looked up.
    Officer(OfficerId),
    /// Somebody of this name.
    Named(String),
}

/// What is to be told, when it was, and by whom, of a change of the recipient's half.
fn news_of_arrival(before: Option<&Arrival>, after: &Arrival) -> Vec<(Told, Moment, By)> {
    let mut news = Vec::new();
    if before.is_none() {
        news.push((Told::Arrived, after.arrived_at, By::Nobody));
    }
    let was = |look: Step| before.and_then(look);
    if let Some(back) = &after.sent_back
        && before.is_none_or(|before| before.sent_back.is_none())
    {
        let SentBack { reason, misaddressed, .. } = back;
        let said = Said::Refused { reason: reason.clone(), misaddressed: *misaddressed };
        news.push((Told::Answered(said), back.at, By::Officer(back.by)));
    }
    if let Some(taken) = &after.taken_in
        && before.and_then(|before| before.taken_in.as_ref()) != Some(taken)
    {
        let known = before.and_then(|before| before.taken_in.as_ref());
        let anew = known.is_none_or(|known| known.document != taken.document);
        let said = Said::Accepted { number: taken.number, on: taken.on, anew };
        news.push((Told::Answered(said), taken.at, By::Officer(taken.by)));
    }
    let steps: [(Step, Told); 3] = [
        (|arrival| arrival.assigned, Told::Assigned),
        (|arrival| arrival.in_progress, Told::InProgress),
        (|arrival| arrival.done, Told::Done),
    ];
    for (look, told) in steps {
        if let (None, Some(at)) = (was(look), look(after)) {
            news.push((told, at, By::Nobody));
        }
    }
    let answer =
        |arrival: &Arrival| arrival.recall.as_ref().and_then(|recall| recall.answer.clone());
    if let Some(said) = answer(after)
        && before.and_then(answer).as_ref() != Some(&said)
    {
        let told = Told::RecallAnswered {
            agreed: said.agreed,
            by_itself: said.by_itself,
            reason: said.reason,
        };
        news.push((told, said.at, By::Named(said.by)));
    }
    news
}

/// A document as its recipient gets it; none while it has no number.
fn letter_of(document: &Outgoing, agency: &Agency) -> Option<Letter> {
    let given = document.given.as_ref()?;
    let fields = &document.fields;
    let kind_name = agency.kind(&fields.kind).map(|kind| kind.name.clone()).unwrap_or_default();
    Some(Letter {
        document: document.id,
        number: render_number(given.number?),
        symbol: given.symbol.clone(),
        issued_on: given.on,
        kind: fields.kind.clone(),
        kind_name,
        subject: fields.subject.clone(),
        urgency: fields.urgency,
        signer: fields.signer.clone(),
        signer_position: fields.signer_position.clone(),
        pages: fields.pages,
        language: fields.language.clone(),
        files: document.attachments.clone(),
    })
}

/// The agency as others address it.
fn address_of(agency: &Agency) -> Address {
    Address { agency: agency.id, code: agency.code.clone(), name: agency.name.clone() }
}

impl Matter {
    /// The parcel it is about.
    pub fn parcel(&self) -> ParcelId {
        match self {
            Matter::Deliver(delivery) => delivery.parcel,
            Matter::Chase(chased) => chased.parcel,
            Matter::Recall(asked) => asked.parcel,
            Matter::Receipt(receipt) => receipt.parcel,
        }
    }
}

/// What was said to an agency, and is to be entered in its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entering {
    /// The server states it.
    Say(Box<Act>),
    /// It says nothing new, and the sender is told what is so here.
    Answer(Told),
    /// Everything that is so here is told again: the sender may have forgotten it.
    TellAgain(Box<Arrival>),
    /// Nothing here knows of it.
    Nothing,
}

/// What becomes of a matter in the log of the agency it is for, where `known` is the parcel's half
/// there: [`Key::Parcel`] for a receipt, [`Key::Arrival`] for everything else. Nobody speaks of a
/// parcel that was another one's.
pub fn entering(post: &Post, known: Option<&State>) -> Entering {
    let from = post.from;
    let arrival = match known {
        Some(State::Arrival(arrival)) => Some(arrival),
        Some(_) | None => None,
    };
    match &post.matter {
        Matter::Deliver(delivery) => match arrival {
            None => Entering::Say(Box::new(Act::Come(delivery.clone()))),
            Some(arrival) if arrival.from.agency == from => Entering::TellAgain(arrival.clone()),
            Some(_) => Entering::Answer(Told::Undeliverable { why: Undeliverable::NameTaken }),
        },
        Matter::Chase(chased) => match arrival.filter(|known| known.from.agency == from) {
            Some(_) => Entering::Say(Box::new(Act::Chased(chased.clone()))),
            None => Entering::Nothing,
        },
        Matter::Recall(asked) => match arrival.filter(|known| known.from.agency == from) {
            Some(_) => Entering::Say(Box::new(Act::RecallAsked(asked.clone()))),
            None => Entering::Answer(Told::given_back_by_itself()),
        },
        Matter::Receipt(receipt) => match known {
            Some(State::Parcel(parcel)) if parcel.to.agency == from => {
                Entering::Say(Box::new(Act::Receive(receipt.clone())))
            }
            Some(_) | None => Entering::Nothing,
        },
    }
}

impl Told {
    /// What never came, or was taken in by nobody, is given back without asking anybody.
    pub fn given_back_by_itself() -> Told {
        Told::RecallAnswered { agreed: true, by_itself: true, reason: String::new() }
    }
}

/// What an entry of a log, which made `after` of `before`, says to other agencies. `place` is that
/// entry; `look` finds a state of the same log as it is behind it. Where there is nothing before,
/// all that was ever told of `after` is told: it is new, or a PC brings it to a server that was set
/// back, or the other half was lost. What is known there changes nothing.
///
/// # Errors
/// Those of the look-up.
pub fn posts<E>(
    (org, place): (AgencyId, ReadTo),
    before: Option<&State>,
    after: &State,
    look: &mut dyn FnMut(Key) -> Result<Option<State>, E>,
) -> Result<Vec<Post>, E> {
    match (after, before) {
        (State::Parcel(parcel), before) => {
            let before = match before {
                Some(State::Parcel(before)) => Some(&**before),
                Some(_) | None => None,
            };
            posts_of_parcel((org, place), before, parcel, look)
        }
        (State::Arrival(arrival), before) => {
            let before = match before {
                Some(State::Arrival(before)) => Some(&**before),
                Some(_) | None => None,
            };
            posts_of_arrival((org, place), before, arrival, look)
        }
        _ => Ok(Vec::new()),
    }
}

fn posts_of_parcel<E>(
    (org, place): (AgencyId, ReadTo),
    before: Option<&Parcel>,
    parcel: &Parcel,
    look: &mut dyn FnMut(Key) -> Result<Option<State>, E>,
) -> Result<Vec<Post>, E> {
    let told = match before {
        Some(before) => news_of_parcel(before, parcel),
        // It is issued; or a PC brings it, with all that came of it, to a server that was set back.
        None => all_of_parcel((org, place), parcel, look)?,
    };
    let to = parcel.to.agency;
    Ok(told.into_iter().map(|matter| Post { from: org, to, matter }).collect())
}

/// Whatever its recipient may have been told of a parcel.
fn all_of_parcel<E>(
    (org, place): (AgencyId, ReadTo),
    parcel: &Parcel,
    look: &mut dyn FnMut(Key) -> Result<Option<State>, E>,
) -> Result<Vec<Matter>, E> {
    let mut told = Vec::new();
    let given_back = |recall: &Recall| recall.answer.as_ref().is_some_and(|said| said.agreed);
    if parcel.lost.is_none() && !parcel.recall.as_ref().is_some_and(given_back) {
        told.extend(delivery((org, place), parcel, look)?.map(|of| Matter::Deliver(Box::new(of))));
        told.extend(parcel.chased.iter().map(|chase| chased(parcel, chase)));
    }
    told.extend(parcel.recall.as_ref().map(|recall| recall_asked(parcel, recall)));
    Ok(told)
}

fn chased(parcel: &Parcel, chase: &Chase) -> Matter {
    let Chase { nth, at, by, note } = chase.clone();
    Matter::Chase(Chased { parcel: parcel.id, nth, at, by, note })
}

fn recall_asked(parcel: &Parcel, recall: &Recall) -> Matter {
    Matter::Recall(RecallAsked {
        parcel: parcel.id,
        at: recall.at,
        by: recall.by.clone(),
        reason: recall.reason.clone(),
        replaced_by: recall.replaced_by,
    })
}

fn delivery<E>(
    (org, cause): (AgencyId, ReadTo),
    parcel: &Parcel,
    look: &mut dyn FnMut(Key) -> Result<Option<State>, E>,
) -> Result<Option<Delivery>, E> {
    let Some(State::Agency(agency)) = look(Key::Agency(org))? else { return Ok(None) };
    let letter = match look(Key::Outgoing(parcel.document))? {
        Some(State::Outgoing(document)) => letter_of(&document, &agency),
        Some(_) | None => None,
    };
    let Some(letter) = letter else { return Ok(None) };
    Ok(Some(Delivery {
        parcel: parcel.id,
        from: address_of(&agency),
        issued_at: parcel.issued_at,
        issued_by: name_of(parcel.issued_by, look)?,
        purpose: parcel.purpose.clone(),
        due: parcel.due,
        replaces: parcel.replaces,
        letter,
        cause,
    }))
}

fn name_of<E>(
    officer: OfficerId,
    look: &mut dyn FnMut(Key) -> Result<Option<State>, E>,
) -> Result<String, E> {
    Ok(match look(Key::Officer(officer))? {
        Some(State::Officer(officer)) => officer.name,
        Some(_) | None => String::new(),
    })
}

fn posts_of_arrival<E>(
    (org, place): (AgencyId, ReadTo),
    before: Option<&Arrival>,
    arrival: &Arrival,
    look: &mut dyn FnMut(Key) -> Result<Option<State>, E>,
) -> Result<Vec<Post>, E> {
    let mut posts = Vec::new();
    for (told, at, by) in news_of_arrival(before, arrival) {
        let by = match by {
            By::Nobody => String::new(),
            By::Officer(officer) => name_of(officer, look)?,
            By::Named(name) => name,
        };
        let receipt = Receipt { parcel: arrival.id, place, at, by, told };
        let to = arrival.from.agency;
        posts.push(Post { from: org, to, matter: Matter::Receipt(receipt) });
    }
    Ok(posts)
}

/// One matter on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The agency whose log says so.
    pub from: AgencyId,
    /// The agency that is told.
    pub to: AgencyId,
    /// What.
    pub matter: Matter,
}
