//! The province keeps the directory from its window, with and without a line.
use agency::{Pc, Town};
use serde_json::{Value, json};

const PROVINCE: &str = "UBND tỉnh An Phú";
const HIEU: &str = "UBND xã An Hiếu";
const BINH: &str = "UBND xã Bình An";

/// A server with a province, which keeps the directory, and two communes.
struct Province {
    town: Town,
    office: Pc,
    hieu: Pc,
    binh: Pc,
}

fn province() -> Province {
    let town = Town::open();
    let [office, hieu, binh] =
        [(PROVINCE, "H50"), (HIEU, "H50.99.01"), (BINH, "H50.99.02")].map(|(name, code)| {
            let pc = Pc::new();
            pc.founds_as(name, code);
            pc.comes_to(&town);
            pc
        });
    office.meets();
    Province { town, office, hieu, binh }
}

fn given() -> Province {
    let province = province();
    province.town.gives_the_directory_to(id(&province.office, PROVINCE).as_str().unwrap());
    province.office.meets();
    province
}

fn shown(pc: &Pc) -> Value {
    pc.ask("directory", json!({ "text": "" }))
}

fn id(pc: &Pc, name: &str) -> Value {
    let found = pc.ask("directory", json!({ "text": name }))["found"].clone();
    let found = found.as_array().unwrap().clone();
    found.into_iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no {name}"))
        ["agency"]
        .clone()
}

fn entry(pc: &Pc, name: &str) -> Value {
    pc.ask("directory.entry", json!({ "id": id(pc, name) }))
}

fn new_entry(name: &str, code: &str) -> Value {
    json!({
        "agency": null, "name": name, "code": code, "unit": "", "parent": "tỉnh An Phú",
        "ended": "", "heirs": [],
    })
}

/// An Hiếu ended, and Bình An came after it.
fn ended(pc: &Pc) -> Value {
    let mut form = entry(pc, HIEU)["form"].clone();
    form["ended"] = json!("30/06/2026");
    form["heirs"] = json!([id(pc, BINH)]);
    form
}

fn refused(pc: &Pc, form: &Value) -> (String, Option<String>) {
    let failure = pc.try_ask("directory.state", form.clone()).unwrap_err();
    (failure.code, failure.field)
}

fn fields(changes: &Value) -> Vec<String> {
    let fields = changes.as_array().unwrap().iter();
    fields.map(|one| one["field"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_province_says_that_a_commune_ended_and_a_desk_without_a_line_proposes_its_heir() {
    let Province { mut town, mut office, hieu: _, binh } = province();
    assert_eq!((&shown(&office)["may"], &shown(&office)["keepers"]), (&json!(false), &json!([])));
    let department = new_entry("Sở Xây dựng", "H50.9");
    assert_eq!(refused(&office, &department).0, "not_a_keeper");
    town.gives_the_directory_to(id(&office, PROVINCE).as_str().unwrap());
    office.meets();
    assert_eq!(shown(&office)["may"], true);

    town.goes_down();
    office.ask("directory.state", department);
    let found = office.ask("directory", json!({ "text": "so xay" }))["found"].clone();
    assert_eq!((&found[0]["name"], &found[0]["waits"]), (&json!("Sở Xây dựng"), &json!(true)));
    office.ask("directory.state", ended(&office));
    office.is_put_out();
    office.starts_again();
    office.ask("session.unlock", json!({ "officer": lady(&office), "pin": agency::PIN }));
    let waiting = shown(&office);
    let names: Vec<&Value> =
        waiting["stated"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, [&json!("Sở Xây dựng"), &json!(HIEU)], "what waits outlives the program");
    assert_eq!(fields(&waiting["stated"][1]["changes"]), ["ended", "heirs"]);
    let early = office.try_ask("directory.let_go", json!({ "id": waiting["stated"][0]["id"] }));
    assert_eq!(early.unwrap_err().code, "not_refused", "what was signed goes");
    assert_eq!(entry(&office, HIEU)["form"]["ended"], "2026-06-30", "here it stands already");

    town.comes_back();
    office.meets();
    assert_eq!(shown(&office)["stated"], json!([]));
    let history = entry(&office, HIEU)["history"].clone();
    assert_eq!(
        (&history[0]["by"], &history[0]["of"]),
        (&json!("Phan Thị Mỹ Lệ"), &json!(PROVINCE))
    );
    assert_eq!(history[0]["changes"][0]["after"], "30/06/2026");

    binh.meets();
    town.goes_down();
    let found = binh.ask("agencies.find", json!({ "text": "H50.99.01" }))["agencies"][0].clone();
    assert_eq!((&found["takes"], &found["ended"]), (&json!(false), &json!("2026-06-30")));
    let heir = binh.ask("directory.entry", json!({ "id": found["agency"] }));
    assert_eq!(heir["heirs"][0]["name"], BINH);
    assert_eq!(heir["history"], json!([]), "who stated what is for those who keep it");
    let theirs = shown(&binh);
    assert_eq!((&theirs["may"], &theirs["keepers"]), (&json!(false), &json!([PROVINCE])));
    assert_eq!(refused(&binh, &ended(&binh)).0, "not_a_keeper");

    // The mistake is mended: it never ended.
    town.comes_back();
    let mut back = entry(&office, HIEU)["form"].clone();
    (back["ended"], back["heirs"]) = (json!(""), json!([]));
    office.ask("directory.state", back);
    office.meets();
    binh.meets();
    let found = binh.ask("agencies.find", json!({ "text": "H50.99.01" }))["agencies"][0].clone();
    assert_eq!((&found["takes"], &found["ended"]), (&json!(true), &Value::Null));
}

fn lady(pc: &Pc) -> Value {
    let session = pc.ask("session", json!({}));
    let officers = session["officers"].as_array().unwrap().clone();
    officers.into_iter().find(|one| one["name"] == "Phan Thị Mỹ Lệ").unwrap()["id"].clone()
}

#[test]
fn of_two_who_changed_one_entry_the_second_sees_the_newer_one_and_states_it_again() {
    let Province { mut town, office, hieu: _, binh: _ } = given();
    let second = office.lets_in("Phan Thị Mỹ Lệ", "VT-02");
    town.goes_down();
    let mut unit = entry(&office, HIEU)["form"].clone();
    unit["unit"] = json!("01234");
    office.ask("directory.state", unit);
    second.ask("directory.state", ended(&second));
    town.comes_back();
    office.meets();
    second.meets();
    let row = shown(&second)["stated"][0].clone();
    assert_eq!(row["refused"]["code"], "changed_meanwhile", "{row}");
    let by = format!("Phan Thị Mỹ Lệ ({PROVINCE}) đã sửa cơ quan này");
    assert!(row["refused"]["what"].as_str().unwrap().starts_with(&by), "{row}");
    let again = row["again"].clone();
    assert_eq!((&again["unit"], &again["ended"]), (&json!("01234"), &json!("2026-06-30")));
    second.ask("directory.state", again);
    second.meets();
    assert_eq!(shown(&second)["stated"], json!([]));
    let now = entry(&second, HIEU);
    assert_eq!(
        (&now["form"]["unit"], &now["form"]["ended"]),
        (&json!("01234"), &json!("2026-06-30"))
    );
    assert_eq!(now["history"].as_array().unwrap().len(), 2);

    // A form that was open meanwhile is told at once, and what was typed goes over the newer entry.
    office.meets();
    let mut old = entry(&office, HIEU)["form"].clone();
    old["parent"] = json!("tỉnh An Phú");
    let mut first = entry(&second, HIEU)["form"].clone();
    first["unit"] = json!("04321");
    second.ask("directory.state", first);
    second.meets();
    office.meets();
    assert_eq!(refused(&office, &old).0, "changed_meanwhile");
    let newer = office.ask("directory.rebase", old);
    assert_eq!((&newer["unit"], &newer["parent"]), (&json!("04321"), &json!("tỉnh An Phú")));
    office.ask("directory.state", newer);
    office.meets();
    assert_eq!(entry(&office, HIEU)["form"]["parent"], "tỉnh An Phú");
}

#[test]
fn what_the_rules_refuse_is_said_beside_its_field_and_what_the_server_refuses_is_let_go() {
    let Province { town, office, hieu, binh } = given();
    let on = |change: &dyn Fn(&mut Value)| {
        let mut form = entry(&office, HIEU)["form"].clone();
        change(&mut form);
        refused(&office, &form)
    };
    let beside = |code: &str, field: &str| (code.to_owned(), Some(field.to_owned()));
    let itself = on(&|form| form["name"] = json!("UBND phường An Hiếu"));
    assert_eq!(itself, beside("states_itself", "name"));
    let alone = on(&|form| form["heirs"] = json!([id(&office, BINH)]));
    assert_eq!(alone, beside("heirs_without_end", "heirs"));
    assert_eq!(on(&|form| form["unit"] = json!("xã")), beside("not_a_unit", "unit"));
    let held = refused(&office, &new_entry("Sở Xây dựng", "h50.99.02"));
    assert_eq!(held, beside("code_held", "code"));
    assert_eq!(on(&|form| form["seen"] = json!("{}")).0, "malformed");
    let same = office.ask("directory.state", entry(&office, HIEU)["form"].clone());
    assert_eq!(same["said"]["sentence"], "directory_same");

    // A unit that comes with the program is listed by the first word that is said of it.
    let mut unit = entry(&office, "UBND xã Mê Linh")["form"].clone();
    unit["code"] = json!("H26.77");
    office.ask("directory.state", unit);
    office.meets();
    binh.meets();
    let found = binh.ask("agencies.find", json!({ "text": "H26.77" }));
    assert_eq!(found["agencies"][0]["name"], "UBND xã Mê Linh");

    // The operator takes the directory away while something waits.
    town.takes_the_directory_from(id(&office, PROVINCE).as_str().unwrap());
    office.ask("directory.state", new_entry("Sở Xây dựng", "H50.9"));
    office.meets();
    let left = shown(&office);
    assert_eq!(
        (&left["may"], &left["stated"][0]["refused"]["code"]),
        (&json!(false), &json!("not_a_keeper"))
    );
    office.ask("directory.let_go", json!({ "id": left["stated"][0]["id"] }));
    assert_eq!((&shown(&office)["stated"], &shown(&hieu)["stated"]), (&json!([]), &json!([])));
}

#[test]
fn what_a_server_forgot_that_was_set_back_is_stated_again() {
    let Province { mut town, office, hieu: _, binh: _ } = given();
    office.ask("directory.state", new_entry("Sở Xây dựng", "H50.9"));
    office.meets();
    let copy = town.backed_up();
    office.ask("directory.state", ended(&office));
    office.meets();
    assert_eq!(entry(&office, HIEU)["history"].as_array().unwrap().len(), 1);
    town.is_set_back(&copy);
    office.meets();
    office.meets();
    let now = entry(&office, HIEU);
    assert_eq!(now["form"]["ended"], "2026-06-30");
    assert_eq!(now["history"].as_array().unwrap().len(), 1);
    assert_eq!(entry(&office, "Sở Xây dựng")["history"].as_array().unwrap().len(), 1);
    assert_eq!(shown(&office)["stated"], json!([]));
}
