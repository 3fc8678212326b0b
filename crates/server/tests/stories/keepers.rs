//! The province keeps the directory: over real HTTP, on both storages, with the operator's program.
use std::path::Path;

use register::{
    Act, AgencyFounded, AgencyId, Listed, Statement, StatementId, Unlisted, codes_with,
};
use serde_json::Value;
use server::{Session, clock};
use sync::sign_statement;
use sync::wire::{
    DirectoryPage, StatedAnswer, StatedAsked, StatedBecame, StatementSent, StatementsPage, Trouble,
};

use crate::cast::{LAN, ORG, Pc, Server, TU, founding, now, officer, open_book};
use crate::line::Line;
use crate::mangled::{Chance, seeds};
use crate::operator::{comes_to_it, says, serving, way};
use crate::parcels::agency;
use crate::peers::{BEYOND, Two};

const PROVINCE: AgencyId = AgencyId([0xE0; 16]);
const DEPARTMENT: AgencyId = AgencyId([0x51; 16]);

pub fn entry(id: AgencyId, name: &str, code: &str) -> Listed {
    Listed {
        id,
        name: name.into(),
        code: code.into(),
        codes_before: Vec::new(),
        unit: String::new(),
        parent: "tỉnh Hiếu Sơn".into(),
        on_exchange: false,
        from: None,
        to: None,
        heirs: Vec::new(),
    }
}

/// What somebody at a PC signs.
pub fn signs(
    (pc, who): (&Pc, register::OfficerId),
    n: u8,
    (before, after): (Option<&Listed>, &Listed),
) -> StatementSent {
    let statement = Statement {
        id: StatementId([n; 16]),
        org: pc.org,
        dev: pc.dev,
        officer: who,
        at: now(),
        before: before.cloned(),
        after: after.clone(),
    };
    sign_statement(&statement, &pc.key(who)).unwrap()
}

/// An agency with one PC, of this name and code.
fn founded(org: AgencyId, name: &str, (code, byte): (&str, u8)) -> Pc {
    let mut pc = Pc { org, ..Pc::new(byte) };
    let AgencyFounded { mut agency, units, officers } = founding();
    (agency.id, agency.name, agency.code) = (org, name.into(), code.into());
    pc.does(TU, Act::Found(AgencyFounded { agency, units, officers }));
    pc.does(TU, open_book());
    pc
}

fn code_of(dir: &Path) -> String {
    let (_, text) = says(&["org", "create"], dir);
    text.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned()
}

/// The office of the province at its line.
struct Office {
    line: Line,
    pc: Pc,
    token: String,
}

impl Office {
    fn states(&self, stated: StatementSent) -> StatedBecame {
        let asked = StatedAsked { stated: vec![stated] };
        let answer: StatedAnswer = self.line.posts("/v1/directory", &self.token, &asked).unwrap();
        answer.became.into_iter().next().unwrap()
    }

    fn says(&self, n: u8, of: (Option<&Listed>, &Listed)) -> StatedBecame {
        self.states(signs((&self.pc, TU), n, of))
    }

    fn page(&self) -> DirectoryPage {
        self.line.gets("/v1/directory?above=0", &self.token).unwrap()
    }

    fn listed(&self, id: AgencyId) -> Listed {
        self.page().listed.into_iter().find(|one| one.id == id).unwrap()
    }

    fn history(&self) -> Result<StatementsPage, (u16, Trouble)> {
        self.line.gets("/v1/directory/statements?above=0", &self.token)
    }
}

fn refused(why: Unlisted) -> StatedBecame {
    StatedBecame::Refused { why }
}

#[test]
fn the_province_keeps_the_directory_of_a_server_with_a_file() {
    the_province_keeps_the_directory(&["init"]);
}

#[test]
fn the_province_keeps_the_directory_of_a_server_over_postgresql() {
    let Some(cluster) = postgres_cluster::shared() else { return };
    the_province_keeps_the_directory(&["init", "--storage", &cluster.database().unwrap()]);
}

fn the_province_keeps_the_directory(init: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("may-chu");
    assert!(says(init, &dir).0);
    let (mut server, _lines, first) = serving(&dir);
    let line = way(&first);
    let mut pc = founded(PROVINCE, "UBND tỉnh Hiếu Sơn", ("H50", 0xD1));
    comes_to_it(&mut pc, line, &code_of(&dir));
    let mut commune = founded(ORG, "UBND xã An Hiếu", ("H50.12", 0xD7));
    comes_to_it(&mut commune, line, &code_of(&dir));
    let token = line.session(&pc, TU);
    let office = Office { line, pc, token };
    let department = entry(DEPARTMENT, "Sở Xây dựng", "H50.9");
    let new = || office.says(1, (None, &department));

    assert_eq!(new(), refused(Unlisted::NotAKeeper), "nobody gave it to the province");
    let (given, text) = says(&["directory", "keeper", "add", "--org", "h50"], &dir);
    assert!(given && text.contains("Đã giao danh bạ cho UBND tỉnh Hiếu Sơn"), "{text}");
    assert_eq!(office.page().keepers, [PROVINCE]);
    assert_eq!((new(), new()), (StatedBecame::Stands, StatedBecame::Stands), "twice is once");
    assert_eq!(office.listed(DEPARTMENT), department);

    untrusted_statements_do_nothing(&office, &commune, &department);
    two_at_once(&office, &department);
    what_an_agency_says_itself(&office);

    let page = office.history().unwrap();
    assert_eq!((page.head, page.stated.len()), (3, 3));
    assert_eq!(
        (page.stated[1].by.as_str(), page.stated[1].of.as_str()),
        ("Tú", "UBND tỉnh Hiếu Sơn")
    );
    assert_eq!(page.stated[1].before.as_ref(), Some(&department));
    let elsewhere = Office { token: line.session(&commune, TU), pc: commune, line };
    assert_eq!(elsewhere.history(), Err((404, Trouble::NotFound)), "only keepers read who it was");
    assert_eq!(elsewhere.says(9, (None, &department)), refused(Unlisted::NotAKeeper));

    the_operator_reads_it(&office, &dir);
    server.kill().unwrap();
    server.wait().unwrap();
}

fn untrusted_statements_do_nothing(office: &Office, commune: &Pc, department: &Listed) {
    let mended = Listed { code: "H50.09".into(), ..department.clone() };
    let of = (Some(department), &mended);
    let by_clerk = office.states(signs((&office.pc, LAN), 2, of));
    assert_eq!(by_clerk, refused(Unlisted::NotAdministrator));
    let whole = signs((&office.pc, TU), 2, of);
    let raw = whole.raw.replace("H50.09", "H50.08");
    assert_eq!(office.states(StatementSent { raw, ..whole }), refused(Unlisted::NotSigned));
    let by_other = office.states(signs((commune, TU), 2, of));
    assert_eq!(by_other, refused(Unlisted::Malformed), "it is signed on another PC");
    let nonsense = StatementSent { raw: "{}".into(), ..signs((&office.pc, TU), 2, of) };
    assert_eq!(office.states(nonsense), refused(Unlisted::Malformed));
    let another = office.states(signs((&office.pc, TU), 1, of));
    assert_eq!(another, refused(Unlisted::Malformed), "that name has said something else");
    let many = StatedAsked { stated: vec![signs((&office.pc, TU), 2, of); 21] };
    let answer = office.line.posts::<_, StatedAnswer>("/v1/directory", &office.token, &many);
    assert_eq!(answer.unwrap_err().0, 400);
    let nobody = office.line.posts::<_, StatedAnswer>("/v1/directory", "", &StatedAsked::default());
    assert_eq!(nobody.unwrap_err().0, 401);
    assert_eq!(office.listed(DEPARTMENT), *department);
}

/// Two windows read the entry; the second one hears who was first, and nothing is lost.
fn two_at_once(office: &Office, department: &Listed) {
    let first = Listed { code: "H50.09".into(), ..department.clone() };
    let second = Listed { name: "Sở Xây dựng và Giao thông".into(), ..department.clone() };
    assert_eq!(office.says(3, (Some(department), &first)), StatedBecame::Stands);
    let by = Some("Tú (UBND tỉnh Hiếu Sơn)".to_owned());
    let late = office.says(4, (Some(department), &second));
    assert_eq!(late, refused(Unlisted::Meanwhile { by }));
    let now = office.listed(DEPARTMENT);
    let codes_before = codes_with(&[], "H50.9", "H50.09");
    assert_eq!(now, Listed { codes_before, ..first });
}

fn what_an_agency_says_itself(office: &Office) {
    let commune = office.listed(ORG);
    let renamed = Listed { name: "UBND phường An Hiếu".into(), ..commune.clone() };
    let said = office.says(5, (Some(&commune), &renamed));
    let field = register::ListedField::Name;
    assert_eq!(said, refused(Unlisted::StatesItself { field }));
    let to = Some("2026-12-31".parse().unwrap());
    let ends = Listed { to, heirs: vec![DEPARTMENT], ..commune.clone() };
    assert_eq!(office.says(6, (Some(&commune), &ends)), StatedBecame::Stands);
    assert_eq!(office.listed(ORG), ends);
    assert!(office.listed(ORG).on_exchange);
}

fn the_operator_reads_it(office: &Office, dir: &Path) {
    let (_, all) = says(&["directory", "history"], dir);
    assert!(all.contains("Tú (UBND tỉnh Hiếu Sơn): Sở Xây dựng — thêm mới"), "{all}");
    let (_, one) = says(&["directory", "history", "--org", "H50.12"], dir);
    assert!(!one.contains("thêm mới"), "{one}");
    assert!(one.contains("kết thúc ngày 31/12/2026\n  kế thừa: Sở Xây dựng"), "{one}");
    let (whole, text) = says(&["verify"], dir);
    assert!(whole && text.contains("Danh bạ: 3 lần ghi, chữ ký đều đúng."), "{text}");
    let (_, keepers) = says(&["directory", "keeper", "list"], dir);
    assert!(keepers.contains("UBND tỉnh Hiếu Sơn  từ "), "{keepers}");
    let (unknown, text) = says(&["directory", "keeper", "add", "--org", "H50.09"], dir);
    assert!(!unknown && text.contains("không ở máy chủ này"), "{text}");
    assert!(says(&["directory", "keeper", "remove", "--org", "H50"], dir).0);
    let (again, text) = says(&["directory", "keeper", "remove", "--org", "H50"], dir);
    assert!(!again && text.contains("không giữ danh bạ"), "{text}");
    let department = office.listed(DEPARTMENT);
    let said = office.says(7, (Some(&department), &Listed { to: None, ..department.clone() }));
    assert_eq!(said, refused(Unlisted::NotAKeeper));
    assert_eq!(office.page().keepers, []);
}

/// A server with the province on it, which keeps the directory.
fn kept() -> (Server, Pc, Session) {
    let server = Server::new();
    let pc = agency(&server, PROVINCE, "UBND tỉnh Hiếu Sơn", 0xD1);
    server.ledger.add_keeper(PROVINCE, now()).unwrap();
    let session = server.session(&pc, TU);
    (server, pc, session)
}

#[test]
fn who_administers_no_more_and_whose_pc_was_shut_out_states_nothing_more() {
    let (server, mut pc, session) = kept();
    let asked = |pc: &Pc, n| StatedAsked {
        stated: vec![signs((pc, TU), n, (None, &entry(AgencyId([n; 16]), "Sở", "")))],
    };
    let states = |pc: &Pc, n| server.ledger.state(asked(pc, n), &session, now());
    assert_eq!(states(&pc, 1).unwrap().became, [StatedBecame::Stands]);
    let another = officer(LAN, "Lan", &[register::Role::Administrator]);
    pc.does(TU, Act::SetOfficer { officer: another });
    pc.exchanges(&server, TU);
    pc.does(LAN, Act::SetOfficer { officer: officer(TU, "Tú", &[register::Role::Official]) });
    pc.exchanges(&server, LAN);
    let no = refused(Unlisted::NotAdministrator);
    assert_eq!(states(&pc, 2).unwrap().became, [no]);
    pc.does(LAN, Act::RevokeDevice { device: pc.dev, reason: "mất máy".into() });
    let _ = server.tries(&pc, LAN, &pc.asks());
    assert_eq!(crate::cast::trouble(states(&pc, 3)), Trouble::Revoked);
}

#[test]
fn what_a_keeper_says_stands_above_an_agency_stays_until_it_says_otherwise() {
    let (server, mut pc, session) = kept();
    let listed = |server: &Server| {
        let page = server.ledger.directory(&session, 0).unwrap();
        page.listed.into_iter().find(|one| one.id == PROVINCE).unwrap()
    };
    let before = listed(&server);
    let after = Listed { parent: "Chính phủ".into(), ..before.clone() };
    let stated = vec![signs((&pc, TU), 1, (Some(&before), &after))];
    server.ledger.state(StatedAsked { stated }, &session, now()).unwrap();
    let agency = register::Agency { id: PROVINCE, ..founding().agency };
    let mut sets = |name: &str, parent: &str| {
        let (name, parent) = (name.to_owned(), parent.to_owned());
        pc.does(TU, Act::SetAgency { agency: register::Agency { name, parent, ..agency.clone() } });
        pc.exchanges(&server, TU);
        let now = listed(&server);
        (now.name, now.parent)
    };
    let renamed = sets("UBND thành phố Hiếu Sơn", &before.parent);
    assert_eq!(renamed, ("UBND thành phố Hiếu Sơn".into(), "Chính phủ".into()));
    let moved = sets("UBND thành phố Hiếu Sơn", "Thủ tướng Chính phủ");
    assert_eq!(moved.1, "Thủ tướng Chính phủ");
}

#[test]
fn what_the_agency_of_another_server_says_of_itself_stays_its_own() {
    let mut two = Two::new();
    two.near.ledger.add_keeper(ORG, clock()).unwrap();
    let listed = |two: &Two| {
        let page = two.near.ledger.directory(&two.session(), 0).unwrap();
        page.listed.into_iter().find(|one| one.id == BEYOND).unwrap()
    };
    let states = |two: &Two, n, before: &Listed, after: &Listed| {
        let stated = vec![signs((&two.ours, TU), n, (Some(before), after))];
        let session = two.near.session(&two.ours, TU);
        let answer = two.near.ledger.state(StatedAsked { stated }, &session, now()).unwrap();
        answer.became.into_iter().next().unwrap()
    };
    let theirs = listed(&two);
    let renamed = Listed { name: "UBND xã Khác".into(), ..theirs.clone() };
    let field = register::ListedField::Name;
    assert_eq!(states(&two, 1, &theirs, &renamed), refused(Unlisted::StatesItself { field }));
    let numbered = Listed { unit: "01234".into(), ..theirs.clone() };
    assert_eq!(states(&two, 2, &theirs, &numbered), StatedBecame::Stands);
    let mut agency = founding().agency;
    (agency.id, agency.name) = (BEYOND, "UBND phường Vĩnh Hoà".into());
    two.theirs.does(TU, Act::SetAgency { agency });
    two.is_read();
    let now = listed(&two);
    assert_eq!((now.name.as_str(), now.unit.as_str()), ("UBND phường Vĩnh Hoà", "01234"));
}

#[test]
fn a_statement_that_was_changed_where_it_is_kept_is_found() {
    let (server, pc, session) = kept();
    let stated = vec![signs((&pc, TU), 1, (None, &entry(DEPARTMENT, "Sở Xây dựng", "H50.9")))];
    server.ledger.state(StatedAsked { stated }, &session, now()).unwrap();
    let found = || server::verify_statements(&*server.storage).unwrap();
    assert_eq!((found().count, found().flaws), (1, Vec::new()));
    let file = server.folder.path().join("server.db");
    let edits = [
        "UPDATE statement SET body = replace(body, 'Sở Xây dựng', 'Sở Tài chính')",
        "UPDATE statement SET body = replace(body, 'Tài chính\\\"', 'Nội vụ\\\"')",
        "UPDATE statement SET about = id",
        "UPDATE statement SET nth = 2",
    ];
    for edit in edits {
        let conn = rusqlite::Connection::open(&file).unwrap();
        assert_eq!(conn.execute(edit, []).unwrap(), 1);
        drop(conn);
        assert_eq!(found().flaws.len(), 1, "{edit}");
    }
}

#[test]
fn statements_of_any_shape_are_answered_and_break_nothing() {
    for seed in seeds() {
        let (server, pc, session) = kept();
        let base = entry(DEPARTMENT, "Sở Xây dựng", "H50.9");
        let whole = signs((&pc, TU), 1, (Some(&base), &base)).raw;
        let mut chance = Chance(seed);
        for _ in 0..1000 {
            let mut value: Value = serde_json::from_str(&whole).unwrap();
            chance.mangles(&mut value);
            let raw = value.to_string();
            let bytes = [b"vanthu/directory/1\0", raw.as_bytes()].concat();
            let sig = ed25519_dalek::Signer::sign(&pc.key(TU), &bytes).to_bytes();
            let stated = vec![StatementSent { raw, sig: sync::wire::Hex(sig) }];
            let answer = server.ledger.state(StatedAsked { stated }, &session, now());
            assert_eq!(answer.unwrap().became.len(), 1);
        }
        let found = server::verify_statements(&*server.storage).unwrap();
        assert_eq!(found.flaws, Vec::<u64>::new(), "seed {seed}");
    }
}
