//! The line between PCs and server: it loses, doubles, delays and reorders what it carries.
use sync::wire::{Pushed, SyncAnswer, SyncAsked};

use crate::chance::Chance;
use crate::tally::Tally;

/// Of a hundred messages so many are lost.
const LOST_PERCENT: u64 = 15;
/// Of a hundred messages so many come twice.
const DOUBLED_PERCENT: u64 = 10;

/// A message on its way.
#[derive(Debug, Clone)]
pub enum Message {
    /// From the PC of this place to the server.
    Up(usize, Box<SyncAsked>),
    /// From the server to the PC of this place, with the carried commands that it answers.
    Down(usize, Vec<Pushed>, Box<SyncAnswer>),
    /// To the PC of this place: the server lives another life, which began at this entry.
    OtherLife(usize, u32, u64),
}

/// What is on its way.
#[derive(Debug, Clone, Default)]
pub struct Line {
    under_way: Vec<Message>,
}

impl Line {
    /// Sends a message; it may be lost, or come twice.
    pub fn send(&mut self, message: Message, chance: &mut Chance, tally: &mut Tally) {
        if chance.percent(LOST_PERCENT) {
            return tally.add("dropped");
        }
        if chance.percent(DOUBLED_PERCENT) {
            tally.add("doubled_messages");
            self.under_way.push(message.clone());
        }
        self.under_way.push(message);
    }

    /// Any message that is under way arrives.
    pub fn arrives(&mut self, chance: &mut Chance) -> Option<Message> {
        if self.under_way.is_empty() {
            return None;
        }
        let at = chance.below(self.under_way.len() as u64) as usize;
        Some(self.under_way.swap_remove(at))
    }

    /// Everything under way is lost.
    pub fn is_cut(&mut self) {
        self.under_way.clear();
    }
}
