//! Scans travel behind the words, in parts, and are whole on every PC in the end.
use std::time::{Duration, Instant};

use agency::{Pc, Proxy, Town};
use serde_json::{Value, json};

/// How long a file may take over loopback, on a PC that does other things too.
const WAIT: Duration = Duration::from_secs(60);

/// A page as a scanner makes it: it has to be one the desk takes in.
pub fn scan(seed: u8, bytes: usize) -> Vec<u8> {
    let mut page = b"%PDF-1.4\n%scan\n".to_vec();
    let mut value = u32::from(seed).wrapping_add(7);
    while page.len() < bytes {
        value = value.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        page.extend(value.to_be_bytes());
    }
    page.extend(b"\n%%EOF\n");
    page
}

fn comes(pc: &Pc, blob: &str) -> Vec<u8> {
    let began = Instant::now();
    loop {
        if let Some(bytes) = pc.file(blob) {
            return bytes;
        }
        assert!(began.elapsed() < WAIT, "the file did not come: {}", pc.meets());
        pc.meets();
    }
}

#[test]
fn a_scan_of_one_clerk_is_whole_on_the_pc_of_the_other() {
    let mut town = Town::open();
    let first = Pc::new();
    first.founds();
    let before = scan(1, 700_000);
    let attached = first.stores("truoc.pdf", &before);
    first.registers_with(1, "Có tệp từ trước khi có máy chủ", std::slice::from_ref(&attached));
    first.comes_to(&town);
    let second = first.lets_in("Trần Thị Mai", "VT-02");
    let blob = attached["blob"].as_str().unwrap();
    assert_eq!(comes(&second, blob), before);
    town.goes_down();
    let large = scan(2, 3_000_000);
    let attached = first.stores("lon.pdf", &large);
    first.registers_with(2, "Bản quét lớn lúc mất mạng", std::slice::from_ref(&attached));
    town.comes_back();
    first.meets();
    second.meets();
    let blob = attached["blob"].as_str().unwrap();
    assert_eq!(comes(&second, blob), large);
    let line = second.ask("line", serde_json::json!({}));
    assert_eq!(line["files_down"], 0);
}

/// Waits until the second PC has fetched all that comes by itself.
fn waits_for_what_comes(pc: &Pc) -> serde_json::Value {
    let began = Instant::now();
    loop {
        let line = pc.meets();
        if line["files_down"] == 0 {
            return line;
        }
        assert!(began.elapsed() < WAIT, "the files do not come: {line}");
    }
}

#[test]
fn a_pc_that_saves_bytes_gets_small_files_by_themselves_and_large_ones_when_they_are_opened() {
    let town = Town::open();
    let first = Pc::new();
    first.founds();
    first.comes_to(&town);
    let second = first.lets_in("Trần Thị Mai", "VT-02");
    assert_eq!(second.ask("line.save", serde_json::json!({ "on": true }))["data_saver"], true);
    let (small, large) = (scan(3, 90_000), scan(4, 1_400_000));
    let attached = [first.stores("nho.pdf", &small), first.stores("lon.pdf", &large)];
    first.registers_with(1, "Một tệp nhỏ, một tệp lớn", &attached);
    let began = Instant::now();
    while first.meets()["files_up"] != 0 || second.incoming().is_empty() {
        assert!(began.elapsed() < WAIT, "{}", first.meets());
        second.meets();
    }
    assert_eq!(waits_for_what_comes(&second)["files_kept_back"], 1);
    let [small_name, large_name] = attached.each_ref().map(|file| file["blob"].as_str().unwrap());
    assert_eq!(second.file(small_name), Some(small));
    assert_eq!(second.file(large_name), None, "nobody had asked for it");
    assert_eq!(comes(&second, large_name), large);
    assert_eq!(second.ask("line", serde_json::json!({}))["files_kept_back"], 0);
}

#[test]
fn a_scan_that_a_server_lost_when_it_was_set_back_is_sent_again_by_who_named_it() {
    let mut town = Town::open();
    let first = Pc::new();
    first.founds();
    first.comes_to(&town);
    let sent = |pc: &Pc| {
        let began = Instant::now();
        loop {
            let line = pc.meets();
            if line["files_up"] == 0 && line["unanswered"] == 0 {
                return;
            }
            assert!(began.elapsed() < WAIT, "it does not go up: {line}");
        }
    };
    let (early, late) = (scan(5, 300_000), scan(6, 400_000));
    let attached = [first.stores("truoc.pdf", &early), first.stores("sau.pdf", &late)];
    first.registers_with(1, "Trước bản sao", &attached[..1]);
    sent(&first);
    let copy = town.backed_up();
    first.registers_with(2, "Sau bản sao", &attached[1..]);
    sent(&first);
    town.is_set_back(&copy);
    let began = Instant::now();
    while first.meets()["meeting"] != "met" {
        assert!(began.elapsed() < WAIT, "{}", first.meets());
    }
    sent(&first);
    let second = first.lets_in("Trần Thị Mai", "VT-02");
    let [early_name, late_name] = attached.each_ref().map(|file| file["blob"].as_str().unwrap());
    assert_eq!(comes(&second, early_name), early);
    assert_eq!(comes(&second, late_name), late);
}

fn sends_all(pc: &Pc) {
    let began = Instant::now();
    loop {
        let line = pc.meets();
        if line["files_up"] == 0 && line["unanswered"] == 0 {
            return;
        }
        assert!(began.elapsed() < WAIT, "it does not go up: {line}");
    }
}

/// Lets a PC meet the server again and again until something is so.
fn meets_until(pc: &Pc, what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < WAIT, "{what}");
        pc.meets();
    }
}

#[test]
fn a_pc_without_room_lets_go_what_a_copy_of_the_server_has_and_nothing_else() {
    let mut town = Town::open();
    let mut pc = Pc::new();
    pc.founds();
    pc.comes_to(&town);
    let store = |seed: u8| {
        let page = scan(seed, 300_000);
        (pc.stores(&format!("{seed}.pdf"), &page), page)
    };
    let (all, pages): (Vec<Value>, Vec<_>) = (11..15).map(store).unzip();
    let names: Vec<String> =
        all.iter().map(|file| file["blob"].as_str().unwrap().to_owned()).collect();
    pc.registers_with(1, "Hai tệp đã vào bản sao của máy chủ", &all[..2]);
    sends_all(&pc);
    let _copy = town.backed_up();
    pc.registers_with(2, "Máy chủ có, bản sao chưa có", &all[2..3]);
    sends_all(&pc);
    town.goes_down();
    pc.registers_with(3, "Chỉ ở máy này", &all[3..]);
    let here = |pc: &Pc| names.iter().map(|name| pc.has_file(name)).collect::<Vec<_>>();
    // Without a server nothing goes, however full it is.
    pc.wakes_up_with_room_for(1, 20);
    pc.meets();
    assert_eq!(here(&pc), [true; 4]);
    town.comes_back();
    pc.wakes_up_with_room_for(1, 20);
    sends_all(&pc);
    meets_until(&pc, "nothing goes", || !pc.has_file(&names[0]) && !pc.has_file(&names[1]));
    assert_eq!(here(&pc), [false, false, true, true]);
    let verified = pc.ask("verify", json!({}));
    assert_eq!(verified["findings"], json!([]), "{verified}");
    // What went comes back when somebody opens it, and what was opened stays.
    assert_eq!(comes(&pc, &names[0]), pages[0]);
    assert_eq!(here(&pc), [true, false, true, true]);
    assert_eq!(comes(&pc, &names[3]), pages[3]);
}

/// A letter that the scanner made large or small.
fn letter(pc: &Pc, number: u32, urgency: &str, file: &Value) -> Value {
    let mut form = pc.letter(number, &format!("Văn bản {urgency}"), std::slice::from_ref(file));
    form["fields"]["urgency"] = json!(urgency);
    form
}

#[test]
fn a_small_urgent_file_overtakes_a_large_one_that_is_on_its_way_up_and_down() {
    let town = Town::open();
    let far = Proxy::to(town.at(), 5);
    let near = Pc::new();
    near.founds();
    near.comes_to(&town);
    let shown = near.ask("admin.code", json!({ "officer": near.officer("Trần Thị Mai") }));
    let second = Pc::new();
    let form = json!({
        "address": far.address(), "code": shown["code"], "server_key": shown["server_key"],
        "pc_name": "VT-02", "pin": agency::PIN,
    });
    second.ask("setup.enrol", form);
    second.meets();
    far.is_far(Duration::from_millis(25));
    let (large, small) = (scan(21, 9_000_000), scan(22, 40_000));
    let attached = [second.stores("lon.pdf", &large), second.stores("gap.pdf", &small)];
    let [large_name, small_name] =
        attached.each_ref().map(|file| file["blob"].as_str().unwrap().to_owned());
    // Up: the large one is on its way when the urgent one is registered.
    let (up, _) = far.bytes();
    second.ask("incoming.register", letter(&second, 1, "normal", &attached[0]));
    meets_until(&near, "the large file does not move", || far.bytes().0 > up + 1_000_000);
    second.ask("incoming.register", letter(&second, 2, "express", &attached[1]));
    meets_until(&near, "the urgent file does not come", || near.has_file(&small_name));
    assert_ne!(second.ask("line", json!({}))["files_up"], 0, "the large one was up before");
    assert!(!near.has_file(&large_name));
    sends_all(&second);
    // Down: the same between the two the other way round.
    let (large, small) = (scan(23, 9_000_000), scan(24, 40_000));
    let attached = [near.stores("lon.pdf", &large), near.stores("gap.pdf", &small)];
    let [large_name, small_name] =
        attached.each_ref().map(|file| file["blob"].as_str().unwrap().to_owned());
    let (_, down) = far.bytes();
    near.ask("incoming.register", letter(&near, 3, "normal", &attached[0]));
    sends_all(&near);
    meets_until(&near, "the large file does not move", || far.bytes().1 > down + 1_000_000);
    near.ask("incoming.register", letter(&near, 4, "express", &attached[1]));
    sends_all(&near);
    meets_until(&second, "the urgent file does not come", || second.has_file(&small_name));
    assert!(!second.has_file(&large_name), "the large one came first");
    meets_until(&second, "the large file does not come", || second.has_file(&large_name));
}

#[test]
fn a_file_that_was_taken_off_again_before_it_went_does_not_wait_for_ever() {
    let mut town = Town::open();
    let pc = Pc::new();
    pc.founds();
    pc.comes_to(&town);
    town.goes_down();
    let attached =
        [pc.stores("nham.pdf", &scan(41, 60_000)), pc.stores("dung.pdf", &scan(42, 60_000))];
    pc.registers_with(1, "Đính kèm nhầm", &attached);
    let id = pc.document_of("Đính kèm nhầm");
    let wrong = attached[0]["blob"].clone();
    let form = json!({ "id": id, "blob": wrong, "reason": "Nhầm tệp" });
    pc.ask("document.detach", form);
    town.comes_back();
    sends_all(&pc);
}
