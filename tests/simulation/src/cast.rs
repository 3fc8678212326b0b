//! The office of a simulation: who works in it, and the papers that come.
use std::collections::BTreeSet;

use jiff::civil::{Date, time};
use register::{
    Agency, AgencyFounded, AgencyId, BookId, DeadlineEnd, DeviceId, Hours, IncomingFields, Kind,
    KindShape, Officer, OfficerId, Role,
};

/// The agency.
pub const ORG: AgencyId = AgencyId([0xA0; 16]);
/// The book of arrivals.
pub const ARRIVALS: BookId = BookId([0xC1; 16]);
/// The id under which the server signs.
pub const SERVER: DeviceId = DeviceId([0xEE; 16]);
/// The first clerk, on the PC on which the agency is founded.
pub const FIRST_CLERK: OfficerId = OfficerId([1; 16]);
/// The second clerk.
pub const SECOND_CLERK: OfficerId = OfficerId([2; 16]);
/// The chairman.
pub const CHAIRMAN: OfficerId = OfficerId([3; 16]);
/// The head of the office.
pub const OFFICE_HEAD: OfficerId = OfficerId([4; 16]);
/// The administrator.
pub const ADMINISTRATOR: OfficerId = OfficerId([5; 16]);

/// Everybody with a PC.
pub const AT_PCS: [OfficerId; 4] = [FIRST_CLERK, SECOND_CLERK, CHAIRMAN, OFFICE_HEAD];

fn officer(id: OfficerId, name: &str, roles: &[Role]) -> Officer {
    Officer {
        id,
        name: name.into(),
        position: String::new(),
        unit: None,
        roles: roles.iter().copied().collect::<BTreeSet<_>>(),
        active: true,
    }
}

/// The founding of the agency.
pub fn founding() -> AgencyFounded {
    let hours = Hours {
        morning_from: time(7, 0, 0, 0),
        morning_to: time(11, 30, 0, 0),
        afternoon_from: time(13, 30, 0, 0),
        afternoon_to: time(17, 0, 0, 0),
    };
    let agency = Agency {
        id: ORG,
        name: "Uỷ ban nhân dân xã An Hiếu".into(),
        abbreviation: "UBND".into(),
        code: "H50.99.01".into(),
        parent: "Uỷ ban nhân dân tỉnh".into(),
        place: "An Hiếu".into(),
        kinds: vec![Kind {
            id: "cong-van".into(),
            name: "Công văn".into(),
            abbreviation: String::new(),
            shape: KindShape::Letter,
            issued_here: true,
        }],
        hours,
        deadline_end: DeadlineEnd::Midnight,
        lock_minutes: 15,
        groups: Vec::new(),
    };
    AgencyFounded {
        agency,
        units: Vec::new(),
        officers: vec![
            officer(FIRST_CLERK, "Lan", &[Role::Clerk]),
            officer(SECOND_CLERK, "Mai", &[Role::Clerk]),
            officer(CHAIRMAN, "Hùng", &[Role::Leader]),
            officer(OFFICE_HEAD, "Cúc", &[Role::OfficeHead]),
            officer(ADMINISTRATOR, "Tú", &[Role::Administrator]),
        ],
    }
}

/// What stands on a paper.
pub fn paper(issued_on: Date, n: u64) -> IncomingFields {
    IncomingFields {
        number: n.to_string(),
        symbol: "UBND-VP".into(),
        issued_on: Some(issued_on),
        issuer: "UBND tỉnh".into(),
        kind: "cong-van".into(),
        subject: format!("Công văn thứ {n}"),
        ..IncomingFields::default()
    }
}
