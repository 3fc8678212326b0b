//! Rights by role: who may do which kind of act (DOMAIN 6.2, NĐ 30/2020 Đ4, Đ13, Đ22-24, Đ32).
use crate::people::{Officer, Role};

/// A kind of act that a role carries. Rights that come from a relation (the assigner of a task,
/// its lead) are checked where the act is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Register, edit and void in the incoming books; number, register and send outgoing ones.
    KeepBooks,
    /// Write directives and assign work in the whole agency.
    Direct,
    /// Propose routing to a leader, withdraw nothing.
    Route,
    /// Remind of any work: theo dõi, đôn đốc.
    Follow,
    /// Approve or return drafts.
    Approve,
    /// Assign and transfer within the own unit.
    AssignInUnit,
    /// Draft outgoing documents, do tasks.
    Work,
    /// People, units, books, calendar.
    Administer,
    /// Take a book over from a PC that does not come back (SYNC 2.5).
    TakeOver,
    /// Open books and choose their series (NĐ 30/2020 Đ15: the head decides the series).
    OpenBooks,
    /// See every document that is not restricted.
    SeeAll,
}

/// Whether the officer holds the right by any of his roles.
pub fn has(officer: &Officer, right: Right) -> bool {
    officer.active && officer.roles.iter().any(|role| carries(*role, right))
}

fn carries(role: Role, right: Right) -> bool {
    use Right::{
        Administer, Approve, AssignInUnit, Direct, Follow, KeepBooks, OpenBooks, Route, SeeAll,
        TakeOver, Work,
    };
    match role {
        Role::Clerk => matches!(right, KeepBooks | Route | SeeAll | Work),
        Role::Leader => {
            matches!(
                right,
                Direct | Approve | Follow | SeeAll | Work | Route | OpenBooks | TakeOver
            )
        }
        Role::OfficeHead => {
            matches!(right, Route | Follow | SeeAll | Work | AssignInUnit | OpenBooks | TakeOver)
        }
        Role::UnitHead => matches!(right, AssignInUnit | Work),
        Role::Official => matches!(right, Work),
        Role::Administrator => matches!(right, Administer | OpenBooks),
    }
}
