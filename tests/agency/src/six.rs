//! An office of six PCs with its server: two clerks, a leader, the office head, two officials.
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::proxy::Proxy;
use crate::seat::{PIN, Seat, text};
use crate::server_process::ServerProcess;

/// Who sits where; the first founds the agency and lets the others in.
pub const PEOPLE: [(&str, &str, &[&str]); 6] = [
    ("Phan Thị Mỹ Lệ", "Văn thư", &["administrator", "clerk"]),
    ("Trần Thị Mai", "Văn thư", &["clerk"]),
    ("Lê Quang Thạch", "Chủ tịch", &["leader"]),
    ("Hồ Văn Thìn", "Chánh Văn phòng", &["office_head"]),
    ("Nguyễn Văn An", "Chuyên viên", &["official"]),
    ("Võ Thị Bình", "Chuyên viên", &["official"]),
];
/// The first PCs, whose officers see every document.
pub const SEE_ALL: usize = 4;

/// Where the profile of a PC is.
pub fn profile(folder: &Path, pc: usize) -> PathBuf {
    folder.join(format!("pc-{pc}"))
}

/// Founds the agency on a new profile.
pub fn founded_at(profile: &Path) -> Seat {
    let seat = Seat::at(profile);
    let mut setup = seat.ask("setup.defaults", json!({}));
    let agency = &mut setup["agency"];
    agency["name"] = json!("UBND xã An Hiếu");
    agency["place"] = json!("An Hiếu");
    agency["code"] = json!("H50.99.01");
    let officers = PEOPLE.iter().enumerate().map(|(pc, (name, position, roles))| {
        let pin = if pc == 0 { PIN } else { "" };
        json!({ "name": name, "position": position, "unit": "", "roles": roles, "pin": pin })
    });
    setup["officers"] = officers.collect();
    seat.ask("setup.found", setup);
    seat
}

/// The agency of a desk comes to a server.
pub fn comes_to(seat: &Seat, server: &ServerProcess, address: &str) {
    let form = json!({
        "address": address, "code": server.adoption_code(), "server_key": server.key(),
        "pc_name": "PC-0",
    });
    seat.ask("line.adopt", form);
    let met = seat.ask("line.meet", json!({}));
    assert_eq!(met["meeting"], "met", "{met}");
}

/// Lets an officer in on a new PC, over the line of the first.
pub fn lets_in(first: &Seat, name: &str, place: (&Path, &str)) -> Seat {
    let line = first.ask("line", json!({}));
    lets_in_over(first, name, text(&line["address"]), place)
}

/// Lets an officer in on a new PC, over a line of its own.
pub fn lets_in_over(
    first: &Seat,
    name: &str,
    address: &str,
    (profile, pc_name): (&Path, &str),
) -> Seat {
    let known = first.ask("catalogue", json!({}));
    let mut officers = known["officers"].as_array().unwrap().iter();
    let officer = officers.find(|officer| text(&officer["name"]) == name).unwrap();
    let shown = first.ask("admin.code", json!({ "officer": officer["id"] }));
    let seat = Seat::at(profile);
    let form = json!({
        "address": address, "code": shown["code"], "server_key": shown["server_key"],
        "pc_name": pc_name, "pin": PIN,
    });
    seat.ask("setup.enrol", form);
    seat.ask("line.meet", json!({}));
    seat
}

/// Founds, comes to the server, lets five in; every desk is closed again.
pub fn moves_in(folder: &Path, server: &ServerProcess, line: &Proxy) {
    let first = founded_at(&profile(folder, 0));
    comes_to(&first, server, &line.address());
    for (pc, (name, ..)) in PEOPLE.iter().enumerate().skip(1) {
        lets_in(&first, name, (&profile(folder, pc), &format!("PC-{pc}")));
    }
}
