//! Random acts of an office, in any order: the file stays in order whatever is tried.
use proptest::prelude::{Just, ProptestConfig, Strategy};
use proptest::{prop_assert_eq, prop_oneof, proptest};
use register::{Act, IncomingField, Party, Sending};

use crate::office::{
    CLERK, DEN, DI, LEADER, OFFICIAL, OTHER, Office, TODAY, UNIT, directed, document, drafted,
    fields, registered, task,
};

/// Acts tried in one run.
const ACTS_MAX: usize = 40;

#[derive(Debug, Clone)]
enum Try {
    Enter(u32),
    Draft(u32),
    Issue(u32),
    Direct(u32, Party),
    Report(u32),
    Accept(u32),
    Return(u32),
    UndoDirective(u32),
    Void(u32),
    Edit(u32),
    Send(u32),
    Close(u32),
    Seen(u32),
    Paper,
    VoidNumber(u32),
    Transfer(u32),
    Await(u32),
    Number(u32),
}

fn tries() -> impl Strategy<Value = Try> {
    let which = 1..8u32;
    let party = prop_oneof![
        Just(Party::Officer(OFFICIAL)),
        Just(Party::Officer(OTHER)),
        Just(Party::Unit(UNIT))
    ];
    prop_oneof![
        4 => which.clone().prop_map(Try::Enter),
        2 => which.clone().prop_map(Try::Draft),
        2 => which.clone().prop_map(Try::Issue),
        4 => (which.clone(), party).prop_map(|(which, party)| Try::Direct(which, party)),
        3 => which.clone().prop_map(Try::Report),
        3 => which.clone().prop_map(Try::Accept),
        1 => which.clone().prop_map(Try::Return),
        1 => which.clone().prop_map(Try::UndoDirective),
        1 => which.clone().prop_map(Try::Void),
        2 => which.clone().prop_map(Try::Edit),
        1 => which.clone().prop_map(Try::Send),
        1 => which.clone().prop_map(Try::Close),
        1 => which.clone().prop_map(Try::Seen),
        1 => Just(Try::Paper),
        1 => (1..30u32).prop_map(Try::VoidNumber),
        1 => which.clone().prop_map(Try::Transfer),
        1 => which.clone().prop_map(Try::Await),
        1 => which.prop_map(Try::Number),
    ]
}

fn attempt(office: &Office, attempted: &Try) {
    let text = || "lời".to_string();
    let year = TODAY.year();
    let done = match attempted.clone() {
        Try::Enter(at) => {
            let fields = fields(&at.to_string(), "Sở Y tế", "Phòng chống dịch");
            office.numbering(DEN, Act::RegisterIncoming(registered(at, fields, TODAY)))
        }
        Try::Await(at) => {
            let mut waits = registered(at, fields("9", "Sở Y tế", "Chờ số"), TODAY);
            waits.slip = Some(format!("T-{at}"));
            office.act(CLERK, Act::RegisterIncoming(waits))
        }
        Try::Number(at) => {
            office.numbering(DEN, Act::GiveNumber { document: document(at), outgoing: false })
        }
        Try::Draft(at) => office.act(OFFICIAL, drafted(at, "Trả lời")),
        Try::Issue(at) => office.numbering(
            DI,
            Act::RegisterOutgoing {
                document: document(at),
                book: DI,
                on: TODAY,
                symbol: "UBND".to_string(),
                slip: None,
                signed_on_paper: true,
            },
        ),
        Try::Direct(at, party) => office.act(LEADER, directed(at, "Giao", party)),
        Try::Report(at) => office.act(
            OFFICIAL,
            Act::Report { task: task(at), text: text(), files: Vec::new(), product: None },
        ),
        Try::Accept(at) => {
            office.act(LEADER, Act::AcceptResult { task: task(at), remarks: text() })
        }
        Try::Return(at) => {
            office.act(LEADER, Act::ReturnResult { task: task(at), remarks: text() })
        }
        Try::UndoDirective(at) => office.act(
            LEADER,
            Act::UndoDirective { document: document(at), directive: crate::office::directive(at) },
        ),
        Try::Void(at) => office.act(
            CLERK,
            Act::Void { document: document(at), outgoing: at % 2 == 0, reason: text() },
        ),
        Try::Edit(at) => office.act(
            CLERK,
            Act::EditIncoming {
                document: document(at),
                field: IncomingField::Issuer,
                old: "Sở Y tế".to_string(),
                new: "Sở Nội vụ".to_string(),
            },
        ),
        Try::Send(at) => {
            office.act(CLERK, Act::Send(Sending { document: document(at), on: TODAY, how: text() }))
        }
        Try::Close(at) => {
            office.act(LEADER, Act::CloseIncoming { document: document(at), reason: text() })
        }
        Try::Seen(at) => office.act(OTHER, Act::Seen { document: document(at), outgoing: false }),
        Try::Paper => {
            let to = office.store.read(|view| view.next_number(DEN, year)).unwrap().unwrap() + 1;
            let (last_date, reason) = (TODAY, text());
            office.act(CLERK, Act::PaperRange { book: DEN, year, to, last_date, reason })
        }
        Try::VoidNumber(number) => {
            office.act(CLERK, Act::VoidNumber { book: DEN, year, number, reason: text() })
        }
        Try::Transfer(at) => office
            .act(LEADER, Act::Transfer { task: task(at), to: Party::Officer(OTHER), note: text() }),
    };
    if let Err(store::PerformError::Store(fault)) = done {
        panic!("{attempted:?}: {fault:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_tried_the_register_stays_in_order(
        tries in proptest::collection::vec(tries(), 1..ACTS_MAX)
    ) {
        let office = Office::open();
        for attempted in &tries {
            attempt(&office, attempted);
        }
        prop_assert_eq!(office.store.verify(&mut |_| {}).unwrap().findings, vec![]);
        office.store.rebuild_derived(&mut |_| {}).unwrap();
        prop_assert_eq!(office.store.verify(&mut |_| {}).unwrap().findings, vec![]);
    }
}
