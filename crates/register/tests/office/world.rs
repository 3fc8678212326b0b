//! A world in memory: keeps states, answers what a decision asks, applies what it makes.
use std::collections::BTreeMap;

use register::{
    Admitted, AgencyId, Answer, Ask, BookId, Change, Command, CommandId, DocumentId, Key, Moment,
    No, NumberUse, Picture, Refusal, Signer, State, TrailLine, admit, decide, reference,
    render_number,
};

/// Questions one decision may ask; more means it runs in a circle.
const ASKS_MAX: usize = 2000;

/// Everything an agency knows, without files and without a network.
#[derive(Default, Clone)]
pub struct World {
    pub agency: Option<AgencyId>,
    pub states: BTreeMap<Key, State>,
    pub trail: Vec<TrailLine>,
    pub numbers: BTreeMap<(BookId, i16, u32), DocumentId>,
    pub references: BTreeMap<(i16, String), DocumentId>,
    /// What the log said of each command.
    pub log: BTreeMap<CommandId, bool>,
}

impl World {
    pub fn answer(&self, ask: &Ask) -> Answer {
        match ask {
            Ask::State(key) => Answer::State(self.states.get(key).cloned()),
            Ask::Number(book, year, number) => {
                let holder = self.numbers.get(&(*book, *year, *number));
                Answer::Number(holder.copied().map(NumberUse::Document))
            }
            Ask::Reference(year, text) => {
                Answer::Reference(self.references.get(&(*year, text.clone())).copied())
            }
            Ask::Agency => Answer::Agency(self.agency),
            Ask::Accepted(command) => Answer::Accepted(self.log.get(command).copied()),
        }
    }

    /// What the rules say, with the picture they were given; nothing is changed.
    pub fn ask(&self, command: &Command) -> (Picture, Result<Change, Refusal>) {
        let mut picture = Picture::new();
        for _ in 0..ASKS_MAX {
            match decide(&picture, command) {
                Ok(change) => return (picture, Ok(change)),
                Err(No::Refused(refusal)) => return (picture, Err(refusal)),
                Err(No::Needs(ask)) => {
                    let answer = self.answer(&ask);
                    picture.learn(ask, answer);
                }
            }
        }
        panic!("a decision never stops asking: {command:?}");
    }

    /// Decides and, when the rules agree, makes it so.
    pub fn act(&mut self, command: &Command) -> Result<Change, Refusal> {
        let (_, said) = self.ask(command);
        let change = said?;
        self.apply(&change);
        Ok(change)
    }

    /// What becomes of a command in the log; nothing is changed.
    pub fn admitted(&self, command: &Command, signer: Signer) -> Admitted {
        self.admitted_at(command, signer, command.at)
    }

    /// The same by the clock of the log.
    pub fn admitted_at(&self, command: &Command, signer: Signer, at: Moment) -> Admitted {
        let mut picture = Picture::new();
        for _ in 0..ASKS_MAX {
            match admit(&picture, command, signer, at) {
                Ok(admitted) => return admitted,
                Err(ask) => {
                    let answer = self.answer(&ask);
                    picture.learn(ask, answer);
                }
            }
        }
        panic!("the log never stops asking: {command:?}");
    }

    /// Takes a command into the log and makes it so.
    pub fn take_in(&mut self, command: &Command, signer: Signer) -> Admitted {
        let admitted = self.admitted(command, signer);
        self.log.insert(command.id, admitted.outcome == register::Outcome::Ok);
        self.apply(&admitted.change);
        admitted
    }

    pub fn apply(&mut self, change: &Change) {
        for state in &change.states {
            self.index(state);
            self.states.insert(state.key(), state.clone());
        }
        self.trail.extend(change.trail.iter().cloned());
    }

    fn index(&mut self, state: &State) {
        match state {
            State::Agency(agency) => self.agency = Some(agency.id),
            State::Incoming(document) => {
                if let Some(number) = document.number {
                    self.numbers.insert((document.book, document.year, number), document.id);
                }
            }
            State::Outgoing(document) => {
                let Some(given) = &document.given else { return };
                let Some(number) = given.number else { return };
                self.numbers.insert((given.book, given.year, number), document.id);
                let text = reference(&render_number(number), &given.symbol);
                self.references.insert((given.year, text), document.id);
            }
            State::Unit(_)
            | State::Officer(_)
            | State::Device(_)
            | State::Parcel(_)
            | State::Arrival(_)
            | State::Book(_)
            | State::Task(_)
            | State::Year(_) => {}
        }
    }
}
