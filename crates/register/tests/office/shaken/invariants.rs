//! What holds after every act, whoever did it and in whatever order.
use std::collections::BTreeSet;

use register::{
    Act, Book, BookId, Change, Command, Incoming, Key, Outgoing, Role, Standing, State, Task,
};

use crate::world::World;

/// What an accepted act may have changed; looked at before it is applied.
pub fn check_change(before: &World, command: &Command, change: &Change) {
    let keys: BTreeSet<Key> = change.states.iter().map(State::key).collect();
    assert_eq!(keys.len(), change.states.len(), "one value for each name");
    assert!(!change.states.is_empty(), "an accepted act changes something");
    assert!(!change.trail.is_empty(), "an accepted act leaves a line of history");
    for line in &change.trail {
        assert!(keys.contains(&line.of), "history of what was changed");
        assert_eq!((line.by_command, line.by, line.at), (command.id, command.actor, command.at));
    }
    for state in &change.states {
        same_after_the_wire(state);
        match (before.states.get(&state.key()), state) {
            (Some(State::Incoming(old)), State::Incoming(new)) => incoming_kept(old, new, command),
            (Some(State::Outgoing(old)), State::Outgoing(new)) => outgoing_kept(old, new, command),
            (Some(State::Task(old)), State::Task(new)) => task_kept(old, new, command),
            (Some(State::Book(old)), State::Book(new)) => book_kept(old, new),
            (None, State::Task(new)) => assert_eq!(new.standing(), Standing::NotStarted),
            (Some(_), _) | (None, _) => {}
        }
    }
    let numbering = matches!(
        command.act,
        Act::RegisterIncoming(_) | Act::RegisterOutgoing { .. } | Act::GiveNumber { .. }
    );
    let book = change.states.iter().any(|state| matches!(state, State::Book(_)));
    let document =
        change.states.iter().any(|state| matches!(state, State::Incoming(_) | State::Outgoing(_)));
    assert!(!(numbering && book) || document, "a number goes to a document");
}

fn same_after_the_wire(state: &State) {
    let bytes = serde_json::to_vec(state).expect("a state is written");
    let read: State = serde_json::from_slice(&bytes).expect("a state is read");
    assert_eq!(&read, state);
    assert_eq!(serde_json::to_vec(&read).expect("a state is written"), bytes);
}

fn starts_with<T: PartialEq + std::fmt::Debug>(new: &[T], old: &[T], what: &str) {
    assert_eq!(new.get(..old.len()), Some(old), "{what} are kept");
}

fn incoming_kept(old: &Incoming, new: &Incoming, command: &Command) {
    if old.number.is_some() {
        let of = |of: &Incoming| (of.book, of.year, of.number, of.numbered_on);
        assert_eq!(of(old), of(new), "a number never changes or moves");
    }
    assert_eq!((old.book, old.arrived_on), (new.book, new.arrived_on));
    assert_eq!((old.registered_at, old.registered_by), (new.registered_at, new.registered_by));
    assert!(old.void.is_none() || old.void == new.void, "void stays void");
    let edits = matches!(command.act, Act::EditIncoming { .. });
    assert!(edits || old.fields == new.fields, "fields are changed by editing only");
    for (old, new) in old.directives.iter().zip(&new.directives) {
        assert_eq!((old.id, old.by, old.at, old.task), (new.id, new.by, new.at, new.task));
        assert_eq!(old.text, new.text);
        starts_with(&new.parties, &old.parties, "parties");
        assert!(old.withdrawn.is_none() || old.withdrawn == new.withdrawn);
        assert!(new.opened || !old.opened, "what was seen stays seen");
        if old.opened && old.withdrawn.is_none() && new.withdrawn.is_some() {
            assert!(matches!(command.act, Act::RecallDirective { .. }), "seen, so recalled");
        }
    }
    assert!(new.directives.len() >= old.directives.len(), "directives are kept");
}

fn outgoing_kept(old: &Outgoing, new: &Outgoing, command: &Command) {
    if let (Some(old), Some(new)) = (&old.given, &new.given) {
        assert_eq!((old.book, &old.symbol), (new.book, &new.symbol));
        if old.number.is_some() {
            assert_eq!(old, new, "a number never changes or moves");
        }
    }
    assert!(old.given.is_none() || new.given.is_some(), "registered stays registered");
    assert!(old.dispatch.is_none() || old.dispatch == new.dispatch, "sent stays sent");
    assert!(old.void.is_none() || old.void == new.void, "void stays void");
    assert_eq!((old.drafted_by, old.drafted_at), (new.drafted_by, new.drafted_at));
    let edits = matches!(command.act, Act::EditOutgoing { .. });
    assert!(edits || old.fields == new.fields, "fields are changed by editing only");
    assert!(!edits || old.given.is_none(), "what has a number is not edited");
    starts_with(&new.remarks, &old.remarks, "remarks");
}

fn task_kept(old: &Task, new: &Task, command: &Command) {
    let (from, to) = (old.standing(), new.standing());
    assert!(may_go(from, to, &command.act), "from {from:?} to {to:?} by {:?}", command.act);
    assert_eq!((old.document, old.directive), (new.document, new.directive));
    assert_eq!((old.assigner, old.assigned_at), (new.assigner, new.assigned_at));
    assert_eq!(old.content, new.content);
    if old.deadline == new.deadline {
        let answered = |task: &Task| task.extensions.iter().filter(|e| e.verdict.is_some()).count();
        let granted = matches!(command.act, Act::DecideExtension { grant: true, .. });
        assert!(!granted || answered(old) == answered(new), "granted time is given");
    } else {
        let last = new.extensions.last().expect("a deadline moves by an extension only");
        assert!(last.verdict.as_ref().is_some_and(|verdict| verdict.accepted));
        assert_eq!((last.old, Some(last.new)), (old.deadline, new.deadline), "both are kept");
    }
    starts_with(&new.progress, &old.progress, "lines of progress");
    starts_with(&new.reminders, &old.reminders, "reminders");
    starts_with(&new.transfers, &old.transfers, "transfers");
    for (old, new) in old.extensions.iter().zip(&new.extensions) {
        assert_eq!((old.by, old.at, old.old, old.new), (new.by, new.at, new.old, new.new));
        assert!(old.verdict.is_none() || old.verdict == new.verdict, "an answer stays");
    }
    assert!(new.extensions.len() >= old.extensions.len());
    for (old, new) in old.reports.iter().zip(&new.reports) {
        assert_eq!((old.by, old.at, &old.text), (new.by, new.at, &new.text));
        assert!(old.verdict.is_none() || old.verdict == new.verdict, "a verdict stays");
    }
    let undone = matches!(command.act, Act::UndoReport { .. });
    assert!(undone || new.reports.len() >= old.reports.len(), "reports are kept");
    assert!(old.reports.iter().filter(|r| r.verdict.is_some()).count() <= new.reports.len());
    assert!(new.percent() <= 100 && !new.co.contains(&new.lead));
}

/// The ladder of a task (DOMAIN 6.1).
fn may_go(from: Standing, to: Standing, by: &Act) -> bool {
    use Standing::{AwaitingAcceptance, Done, InProgress, NotStarted, Returned, Withdrawn};
    let withdrawing = matches!(
        by,
        Act::WithdrawTask { .. } | Act::UndoDirective { .. } | Act::RecallDirective { .. }
    );
    match (from, to) {
        (Done | Withdrawn, _) => from == to && matches!(by, Act::SeenTask { .. }),
        (_, Withdrawn) => withdrawing,
        (NotStarted | InProgress | Returned, AwaitingAcceptance) => {
            matches!(by, Act::Report { .. })
        }
        (AwaitingAcceptance, Done) => matches!(by, Act::AcceptResult { .. }),
        (AwaitingAcceptance, Returned) => {
            matches!(by, Act::ReturnResult { .. } | Act::UndoReport { .. })
        }
        (AwaitingAcceptance, NotStarted | InProgress) => matches!(by, Act::UndoReport { .. }),
        (NotStarted, InProgress) => matches!(by, Act::Progress { .. }),
        (NotStarted, NotStarted)
        | (InProgress, InProgress)
        | (AwaitingAcceptance, AwaitingAcceptance)
        | (Returned, Returned) => true,
        (NotStarted, Done | Returned)
        | (InProgress, NotStarted | Done | Returned)
        | (Returned, NotStarted | InProgress | Done) => false,
    }
}

fn book_kept(old: &Book, new: &Book) {
    assert_eq!(old.direction, new.direction);
    assert!(new.lease.epoch >= old.lease.epoch, "the fence only rises");
    assert!(old.lease.epoch < new.lease.epoch || old.lease == new.lease);
    for (year, count) in &old.years {
        let now = &new.years[year];
        assert_eq!((count.first, count.opening), (now.first, now.opening));
        assert!(now.next >= count.next && now.last_date >= count.last_date);
        for (number, reason) in &count.voids {
            assert_eq!(now.voids.get(number), Some(reason), "a void stays");
        }
        if now.next > count.next {
            let later = new.years.range(year + 1..).any(|(_, later)| later.next > later.first);
            assert!(!later, "after the first number of a year, none of the year before");
        }
    }
}

/// What holds of the world as it is now, near what was changed.
pub fn check_world(world: &World, change: &Change) {
    for state in &change.states {
        match state {
            State::Book(book) => numbers_stand(world, book),
            State::Incoming(document) => document_agrees(world, document),
            State::Task(task) => {
                let of = task.document.and_then(|of| world.states.get(&Key::Incoming(of)));
                if let Some(State::Incoming(document)) = of {
                    document_agrees(world, document);
                }
            }
            State::Officer(_) => somebody_administers(world),
            State::Agency(_)
            | State::Unit(_)
            | State::Device(_)
            | State::Parcel(_)
            | State::Arrival(_)
            | State::Outgoing(_)
            | State::Year(_) => {}
        }
    }
}

fn somebody_administers(world: &World) {
    let there = world
        .states
        .values()
        .any(|state| matches!(state, State::Officer(officer) if officer.is(Role::Administrator)));
    assert!(there, "an office has an administrator");
}

/// A closed document has no open work, and directives and tasks agree on what is in force.
fn document_agrees(world: &World, document: &Incoming) {
    for directive in &document.directives {
        let Some(task) = directive.task else { continue };
        let Some(State::Task(task)) = world.states.get(&Key::Task(task)) else {
            panic!("a directive gives a task that is there");
        };
        assert_eq!(task.document, Some(document.id));
        assert_eq!(task.directive, Some(directive.id));
        assert_eq!(task.withdrawn.is_some(), directive.withdrawn.is_some());
        assert!(directive.parties.contains(&task.lead), "the lead sees the document");
        assert!(document.closed.is_none() || !task.is_open(), "done with, and yet work is open");
    }
}

/// Numbers first..next are each exactly one of document, void and placeholder, and their dates do
/// not decrease.
fn numbers_stand(world: &World, book: &Book) {
    for (year, count) in &book.years {
        let mut last = count.opening.map(|opening| opening.last_date);
        for number in count.first..count.next {
            let document = world.numbers.get(&(book.id, *year, number));
            let ways = usize::from(document.is_some())
                + usize::from(count.voids.contains_key(&number))
                + count.placeholders.iter().filter(|r| r.from <= number && number <= r.to).count();
            assert_eq!(ways, 1, "number {number} of {year}: {count:?}");
            let Some(document) = document else { continue };
            let date = date_in(world, *document, (book.id, *year, number));
            assert!(last.is_none_or(|last| last <= date), "{number} goes back: {last:?} {date}");
            assert_eq!(date.year(), *year);
            last = Some(date);
        }
        assert!(last <= count.last_date, "the last date of the book is its last");
        let beyond = world.numbers.range((book.id, *year, count.next)..=(book.id, *year, u32::MAX));
        assert_eq!(beyond.count(), 0, "no number lies beyond the next one");
    }
}

fn date_in(
    world: &World,
    document: register::DocumentId,
    place: (BookId, i16, u32),
) -> jiff::civil::Date {
    if let Some(State::Incoming(of)) = world.states.get(&Key::Incoming(document))
        && of.number.map(|number| (of.book, of.year, number)) == Some(place)
    {
        return of.numbered_on.expect("a number has its date");
    }
    let Some(State::Outgoing(of)) = world.states.get(&Key::Outgoing(document)) else {
        panic!("a number of nothing: {place:?}");
    };
    let given = of.given.as_ref().expect("a number was given");
    assert_eq!(given.number.map(|number| (given.book, given.year, number)), Some(place));
    given.on
}
