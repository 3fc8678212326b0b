//! One act: the command is built inside the transaction, decided, signed and kept with its effect.
use contract::Failure;
use jiff::civil::Date;
use register::{Act, BlobId, Book, BookId, Command, Holder, LeaseClaim, Moment};
use store::{Performed, Turn, View};

use crate::desk::Desk;
use crate::faults::{Trouble, of_perform};
use crate::holding::NoNumber;
use crate::session::AtDesk;
use crate::words::failure;

/// Which number an act wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbering {
    /// None.
    None,
    /// The next number of a book, or a slip code when this PC may not give it.
    InBook {
        /// The book.
        book: BookId,
        /// The date of the number.
        on: Date,
    },
    /// The next number of a book, or nothing.
    Next {
        /// The book.
        book: BookId,
        /// The date of the number.
        on: Date,
    },
    /// A number that stands on paper already.
    OnPaper {
        /// The book.
        book: BookId,
        /// The date of the number.
        on: Date,
        /// The number.
        number: u32,
    },
}

impl Numbering {
    /// The number typed from paper; without one the next of the book, or a slip code.
    pub(crate) fn typed(book: BookId, on: Date, paper: Option<u32>) -> Numbering {
        match paper {
            Some(number) => Numbering::OnPaper { book, on, number },
            None => Numbering::InBook { book, on },
        }
    }
}

/// What the transaction found for the act.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allotted {
    /// The number claimed.
    pub claim: Option<LeaseClaim>,
    /// The slip code, when there is no number.
    pub slip: Option<String>,
}

impl Desk {
    /// Performs an act without a number and without files.
    pub(crate) fn plain_act(&self, at: &AtDesk, act: Act) -> Result<Performed, Failure> {
        let (performed, _) = self.perform(at, Numbering::None, Vec::new(), |_| act)?;
        Ok(performed)
    }

    /// Performs an act, and says which number it got.
    pub(crate) fn act(
        &self,
        at: &AtDesk,
        numbering: Numbering,
        blobs: Vec<BlobId>,
        build: impl FnOnce(Allotted) -> Act,
    ) -> Result<Allotted, Failure> {
        let (_, allotted) = self.perform(at, numbering, blobs, build)?;
        Ok(allotted)
    }

    fn perform(
        &self,
        at: &AtDesk,
        numbering: Numbering,
        blobs: Vec<BlobId>,
        build: impl FnOnce(Allotted) -> Act,
    ) -> Result<(Performed, Allotted), Failure> {
        for blob in &blobs {
            if !at.opened.blobs.holds(*blob) && !self.is_named(at, *blob)? {
                return Err(failure(
                    "file_gone",
                    "Một tệp của biểu mẫu không còn trên máy này.",
                    "Thêm lại tệp rồi làm lại.",
                ));
            }
        }
        // Asked before the transaction: the keyring is a file of its own.
        let stopped = match numbering {
            Numbering::None | Numbering::OnPaper { .. } => None,
            Numbering::InBook { .. } | Numbering::Next { .. } => self.why_no_number(at)?,
        };
        let now = self.source.now();
        let command_id = register::CommandId(self.source.id());
        let mut kept = Allotted::default();
        let performed = at.opened.store.perform(&at.signing, |view: &View<'_>, turn: Turn| {
            let allotted = allot(view, turn, (numbering, stopped))?;
            kept = allotted.clone();
            let lease = allotted.claim;
            Ok::<Command, Trouble>(Command {
                v: 1,
                id: command_id,
                org: at.opened.agency,
                dev: turn.dev,
                n: turn.n,
                actor: at.officer.id,
                at: Moment(now.0.max(turn.last_at.0.saturating_add(1))),
                off: 0,
                seen: turn.seen,
                kv: 1,
                need: Vec::new(),
                lease,
                blobs,
                act: build(allotted),
            })
        });
        let performed = performed.map_err(of_perform)?;
        self.learn_change(&performed.change, performed.revision);
        self.wake_copies();
        self.wake_line();
        Ok((performed, kept))
    }

    /// Whether a file belongs to something here: another PC has it then.
    fn is_named(&self, at: &AtDesk, blob: BlobId) -> Result<bool, Failure> {
        Ok(!self.look(&at.opened, |view| view.uses_of(blob, 1))?.is_empty())
    }

    /// Whether this PC gives the numbers of the book.
    pub(crate) fn holds(&self, book: &Book) -> bool {
        match (book.lease.holder, self.device()) {
            (Holder::Device(holder), Some(device)) => holder == device,
            (Holder::Device(_) | Holder::Server | Holder::Frozen, _) => false,
        }
    }
}

fn allot(
    view: &View<'_>,
    turn: Turn,
    (numbering, stopped): (Numbering, Option<NoNumber>),
) -> Result<Allotted, Trouble> {
    let (book, on, slip_allowed, paper) = match numbering {
        Numbering::None => return Ok(Allotted::default()),
        Numbering::InBook { book, on } => (book, on, true, None),
        Numbering::Next { book, on } => (book, on, false, None),
        Numbering::OnPaper { book, on, number } => (book, on, false, Some(number)),
    };
    let known = view.book(book)?;
    let known =
        known.ok_or_else(|| failure("unknown", "Không thấy sổ này trên máy.", "Chọn sổ khác."))?;
    let held = known.lease.holder == Holder::Device(turn.dev);
    let (for_now, why) = match stopped {
        Some(NoNumber::ForNow(why)) => (true, Some(why)),
        Some(NoNumber::UntilVouched(why)) => (false, Some(why)),
        None => (false, None),
    };
    if (!held || for_now) && slip_allowed {
        // A slip names the PC and the act, so no two PCs ever print the same one.
        let pc: String = turn.dev.hex().chars().take(4).collect();
        let slip = format!("T-{}-{:03}", pc.to_uppercase(), turn.n);
        return Ok(Allotted { claim: None, slip: Some(slip) });
    }
    if let Some(why) = why.filter(|_| held) {
        return Err(why.into());
    }
    let year = on.year();
    let number = paper.unwrap_or_else(|| known.year(year).next);
    let claim = LeaseClaim { book, epoch: known.lease.epoch, year, number };
    Ok(Allotted { claim: Some(claim), slip: None })
}
