//! Scans travel behind the words, in parts, and are whole on every PC in the end.
use std::time::{Duration, Instant};

use agency::{Pc, Town};

/// How long a file may take over loopback, on a PC that does other things too.
const WAIT: Duration = Duration::from_secs(60);

/// A page as a scanner makes it: it has to be one the desk takes in.
fn scan(seed: u8, bytes: usize) -> Vec<u8> {
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
