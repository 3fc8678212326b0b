//! A PC that gives numbers for weeks without its server: it warns, then a leader vouches.
use agency::{PIN, Pc, Town};
use serde_json::{Value, json};

fn far_office() -> (Town, Pc) {
    let town = Town::open();
    let pc = Pc::new();
    pc.founds();
    pc.comes_to(&town);
    (town, pc)
}

fn holding(pc: &Pc) -> Value {
    pc.arrivals()["holding"].clone()
}

/// A letter that came on the day the server would say it is.
fn letter_of_today(pc: &Pc, number: u32, subject: &str) -> Value {
    let mut form = pc.letter(number, subject, &[]);
    let today = jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC);
    let today = today.checked_add(jiff::Span::new().hours(7)).unwrap().date().to_string();
    form["arrived_on"] = json!(today);
    form["fields"]["issued_on"] = json!(today);
    form
}

fn leader_has_a_pin(pc: &Pc) -> String {
    let leader = pc.officer("Lê Quang Thạch");
    pc.ask("session.set_pin", json!({ "officer": leader, "old": "", "new": "135791" }));
    pc.meets();
    leader
}

#[test]
fn a_holder_without_a_line_warns_after_a_week_and_asks_a_leader_after_a_month() {
    let (mut town, pc) = far_office();
    let leader = leader_has_a_pin(&pc);
    town.goes_down();
    pc.ask("incoming.register", letter_of_today(&pc, 1, "Ngày đầu mất mạng"));
    assert_eq!(holding(&pc), Value::Null);
    pc.clock.shows_days_ahead(8);
    let told = holding(&pc);
    assert_eq!((&told["days"], &told["numbers"]), (&json!(8), &json!(1)));
    assert_eq!(told["asks"], false);
    let told_of = pc.ask("line", json!({}))["holding"]["books"].clone();
    assert!(told_of.as_array().unwrap().contains(&pc.arrivals()["name"]), "{told_of}");
    pc.ask("incoming.register", letter_of_today(&pc, 2, "Tuần thứ hai"));
    pc.clock.shows_days_ahead(31);
    let form = letter_of_today(&pc, 3, "Sau một tháng");
    let refused = pc.try_ask("incoming.register", form.clone()).unwrap_err();
    assert_eq!(refused.code, "vouch");
    assert_eq!(refused.what, "Máy này giữ sổ, chưa gặp máy chủ 31 ngày.");
    let told = holding(&pc);
    assert_eq!(told["asks"], true);
    assert_eq!(told["vouchers"], json!([{ "id": leader, "name": "Lê Quang Thạch" }]));
    let vouch = |pin: &str| json!({ "officer": leader, "pin": pin, "reason": "" });
    let wrong = pc.try_ask("book.vouch", vouch(PIN)).unwrap_err();
    assert_eq!(wrong.field.as_deref(), Some("pin"));
    pc.ask("book.vouch", vouch("135791"));
    pc.ask("incoming.register", form);
    let told = holding(&pc);
    assert_eq!((&told["asks"], &told["vouched"]["by"]), (&json!(false), &json!("Lê Quang Thạch")));
    pc.clock.shows_days_ahead(0);
    town.comes_back();
    pc.meets();
    assert_eq!(holding(&pc), Value::Null);
    assert_eq!(pc.incoming().len(), 3);
    assert!(pc.incoming().iter().all(|(.., reach)| reach == "server"));
}

#[test]
fn a_clock_that_jumped_ahead_stops_nothing_while_no_number_was_given() {
    let (mut town, pc) = far_office();
    town.goes_down();
    pc.clock.shows_days_ahead(40);
    assert_eq!(holding(&pc)["asks"], false);
    pc.ask("incoming.register", letter_of_today(&pc, 1, "Đồng hồ chạy sai"));
    assert_eq!(holding(&pc)["asks"], true);
    pc.clock.shows_days_ahead(0);
    assert_eq!(holding(&pc), Value::Null);
    pc.ask("incoming.register", letter_of_today(&pc, 2, "Đồng hồ đã chỉnh"));
    drop(town);
}

#[test]
fn five_hundred_numbers_ask_for_a_pin_whatever_the_clock_shows() {
    let (mut town, pc) = far_office();
    town.goes_down();
    pc.clock.shows_days_ahead(-3);
    let book = pc.arrivals()["id"].clone();
    let today = pc.ask("session", json!({}))["today"].clone();
    for to in [190, 380, 500] {
        let range = json!({
            "book": book, "to": to, "last_date": today, "reason": "Ghi trên sổ giấy",
        });
        pc.ask("book.paper_range", range);
    }
    let refused = pc.try_ask("incoming.register", pc.letter(1, "Số 501", &[])).unwrap_err();
    assert_eq!(refused.what, "Máy này đã cấp 500 số từ lần gặp máy chủ gần nhất.");
    // Nobody above has a PIN here: the administrator of this PC vouches.
    let told = holding(&pc);
    assert_eq!(told["vouchers"][0]["name"], "Phan Thị Mỹ Lệ");
    let officer = told["vouchers"][0]["id"].clone();
    pc.ask("book.vouch", json!({ "officer": officer, "pin": PIN, "reason": "" }));
    let said = pc.registers(1, "Số 501");
    assert_eq!(said["said"]["with"][0], "501");
    drop(town);
}

#[test]
fn without_any_leader_a_clerk_goes_on_for_a_day_and_says_why() {
    let (mut town, pc) = far_office();
    leader_has_a_pin(&pc);
    town.goes_down();
    pc.ask("incoming.register", letter_of_today(&pc, 1, "Trước bão"));
    pc.clock.shows_days_ahead(40);
    let alone = |reason: &str| json!({ "officer": "", "pin": "", "reason": reason });
    let refused = pc.try_ask("book.vouch", alone("")).unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("reason"));
    pc.ask("book.vouch", alone("Bão, đường đứt, lãnh đạo ở xã bên"));
    pc.ask("incoming.register", letter_of_today(&pc, 2, "Công điện"));
    let told = holding(&pc);
    assert_eq!(told["vouched"]["by"], "Phan Thị Mỹ Lệ");
    assert_eq!(told["vouched"]["reason"], "Bão, đường đứt, lãnh đạo ở xã bên");
    pc.clock.shows_days_ahead(42);
    assert_eq!(holding(&pc)["asks"], true);
    drop(town);
}
