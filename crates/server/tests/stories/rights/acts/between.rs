//! What goes to the agency next door, and what came from there.
use register::{
    Act, Address, Chased, Delivery, Letter, ReadTo, RecallAsked, Receipt, RecipientGroup, Told,
    Urgency,
};

use super::super::office::{CALLED_BACK, OURS, WAITS};
use super::{Step, by, nobody};
use crate::cast::{LAN, doc};
use crate::parcels::{self, NEXT, parcel};

/// The letter that has been sent by post goes through the line too.
const LETTER: u8 = 60;
const SENT: u8 = 0xB1;

pub fn steps() -> Vec<Step> {
    let reason = String::from("Sai nơi nhận");
    let (document, waits) = (doc(OURS), parcel(WAITS));
    let recall = Act::Recall {
        document,
        parcels: vec![parcel(OURS)],
        reason: reason.clone(),
        replaced_by: None,
    };
    let mut steps = told_by_servers();
    let group = RecipientGroup { name: "Xã bạn".into(), members: vec![NEXT] };
    steps.extend([
        by(LAN, Act::SetGroup { group }),
        by(LAN, parcels::issue(LETTER, &[(NEXT, SENT)])),
        by(LAN, Act::Chase { parcels: vec![parcel(SENT)], note: "gấp".into() }),
        by(LAN, recall),
        by(LAN, Act::RefuseArrival { arrival: waits, reason, misaddressed: true }),
        by(
            LAN,
            Act::AnswerRecall { arrival: parcel(CALLED_BACK), agree: true, reason: String::new() },
        ),
    ]);
    steps
}

/// What only servers tell each other.
fn told_by_servers() -> Vec<Step> {
    let at = crate::cast::now();
    let day = parcels::day();
    let sender = Address { agency: NEXT, code: "H50.02".into(), name: "UBND xã Bình An".into() };
    let letter = Letter {
        document: doc(7),
        number: "7".into(),
        symbol: "UBND".into(),
        issued_on: day,
        kind: "cong-van".into(),
        kind_name: "Công văn".into(),
        subject: "Về việc khác".into(),
        urgency: Urgency::default(),
        signer: "Hùng".into(),
        signer_position: String::new(),
        pages: None,
        language: String::new(),
        files: Vec::new(),
    };
    let cause = ReadTo { epoch: 1, seq: 9 };
    let delivery = Delivery {
        parcel: parcel(0xA3),
        from: sender,
        issued_at: at,
        issued_by: "Lan".into(),
        purpose: String::new(),
        due: None,
        replaces: None,
        letter,
        cause,
    };
    let by = String::from("Lan");
    let reason = String::from("gấp");
    let parcel = parcel(WAITS);
    let chased = Chased { parcel, nth: 1, at, by: by.clone(), note: reason.clone() };
    let recall = RecallAsked { parcel, at, by: by.clone(), reason, replaced_by: None };
    let receipt = Receipt { parcel, place: cause, at, by, told: Told::Done };
    vec![
        nobody(Act::Come(Box::new(delivery))),
        nobody(Act::Chased(chased)),
        nobody(Act::RecallAsked(recall)),
        nobody(Act::Receive(receipt)),
    ]
}
