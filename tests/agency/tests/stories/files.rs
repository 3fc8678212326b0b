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
