//! Somebody was at the server's disk: the desks say so, keep all they have, and go on.
use std::fs;
use std::path::Path;

use agency::{Pc, Town};
use serde_json::{Value, json};

const FILE: &str = "server.db";
const KEY: &str = "server.key";
/// Meetings after which a comparison must have been made, and a register read again.
const MEETINGS_MAX: usize = 20;

/// Takes the register of the server away.
fn is_emptied(town: &mut Town) {
    town.goes_down();
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(town.folder.path().join(format!("{FILE}{end}")));
    }
}

/// Puts a file in the place of the server's, as somebody who means ill or well.
fn is_put_back(town: &mut Town, copy: &Path) {
    is_emptied(town);
    fs::copy(copy.join(FILE), town.folder.path().join(FILE)).unwrap();
    town.comes_back();
}

/// The sentence a supervisor reads.
fn told(pc: &Pc) -> String {
    let line = pc.meets();
    assert_eq!(line["meeting"], "trouble", "{line}");
    line["trouble"].to_string()
}

fn documents(pc: &Pc) -> usize {
    pc.incoming().len()
}

fn verified(pc: &Pc) -> Value {
    pc.ask("verify", json!({}))["findings"].clone()
}

/// An agency of two PCs with two documents at the server.
fn at_work() -> (Town, Pc, Pc) {
    let town = Town::open();
    let first = Pc::new();
    first.founds();
    first.comes_to(&town);
    first.registers(1, "Trước khi có bản sao");
    first.meets();
    let second = first.lets_in("Trần Thị Mai", "VT-02");
    (town, first, second)
}

#[test]
fn a_server_set_back_without_a_word_is_told_by_who_has_seen_more_and_nothing_is_lost() {
    let (mut town, first, second) = at_work();
    let old = town.copy();
    first.registers(2, "Sau khi có bản sao");
    assert_eq!(first.meets()["meeting"], "met");
    let new = town.copy();
    is_put_back(&mut town, old.path());
    let sentence = told(&first);
    assert!(sentence.contains("Sổ ở máy chủ không nối tiếp"), "{sentence}");
    assert!(sentence.contains("Máy này giữ nguyên những gì đã có"), "{sentence}");
    assert_eq!(documents(&first), 2);
    first.registers(3, "Vẫn vào sổ được");
    assert!(told(&first).contains("không nối tiếp"));
    assert_eq!((documents(&first), verified(&first)), (3, json!([])));
    // Who had seen no more than is there sees nothing wrong, and could not.
    assert_eq!(second.meets()["meeting"], "met");
    is_put_back(&mut town, new.path());
    let line = first.meets();
    assert_eq!((&line["meeting"], &line["unanswered"]), (&json!("met"), &json!(0)));
    assert_eq!(second.meets()["meeting"], "met");
    assert_eq!((documents(&first), documents(&second)), (3, 3));
}

#[test]
fn a_cut_end_of_the_log_is_told_by_who_has_seen_it() {
    let (mut town, first, _) = at_work();
    first.registers(2, "Mục cuối");
    first.meets();
    town.goes_down();
    town.cuts_the_last_entry();
    town.comes_back();
    assert!(told(&first).contains("Sổ ở máy chủ không nối tiếp"));
    assert_eq!((documents(&first), verified(&first)), (2, json!([])));
}

#[test]
fn an_empty_server_in_its_place_is_told_and_the_whole_register_stays() {
    let (mut town, first, second) = at_work();
    is_emptied(&mut town);
    town.comes_back();
    for pc in [&first, &second] {
        let sentence = told(pc);
        assert!(sentence.contains("Máy chủ không còn biết máy này"), "{sentence}");
        assert!(sentence.contains("Mọi việc đã làm vẫn lưu trên máy này"), "{sentence}");
        assert_eq!((documents(pc), verified(pc)), (1, json!([])));
    }
    first.registers(2, "Không cần máy chủ");
    assert_eq!(documents(&first), 2);
}

#[test]
fn another_server_in_its_place_is_told_and_gets_nothing() {
    let (mut town, first, _) = at_work();
    is_emptied(&mut town);
    fs::remove_file(town.folder.path().join(KEY)).unwrap();
    server::Identity::create(town.folder.path(), &[8; 32]).unwrap();
    town.comes_back();
    first.registers(2, "Không gửi cho máy lạ");
    let sentence = told(&first);
    assert!(sentence.contains("không phải máy chủ mà máy này đã gia nhập"), "{sentence}");
    let line = first.meets();
    assert_eq!((documents(&first), &line["unanswered"]), (2, &json!(1)));
}

#[test]
fn a_pc_whose_register_is_not_the_servers_says_so_and_reads_it_again() {
    let town = Town::open();
    let first = Pc::new();
    first.founds();
    first.registers(1, "Như đã gửi");
    first.comes_to(&town);
    // The server would hand out something else now, under the same entry.
    town.says_otherwise("Như đã gửi", "Ai đó đã sửa");
    let seen = || first.incoming().into_iter().map(|(_, subject, _)| subject).collect::<Vec<_>>();
    assert_eq!(seen(), ["Như đã gửi"]);
    // Whoever wants to know today need not wait for tomorrow's comparison.
    let differed = (0..MEETINGS_MAX).find_map(|_| {
        assert_eq!(verified(&first), json!([]));
        Some(first.meets()["differed"].clone()).filter(|found| !found.is_null())
    });
    let said = differed.expect("the registers were compared")["said"].to_string();
    assert!(said.contains("Sổ trên máy này khác sổ ở máy chủ"), "{said}");
    let healed = (0..MEETINGS_MAX).any(|_| {
        let line = first.meets();
        line["meeting"] == "met" && line["differed"].to_string().contains("nay đã khớp")
    });
    assert!(healed, "{}", first.meets());
    assert_eq!(seen(), ["Ai đó đã sửa"], "it shows what the server says");
    assert_eq!(verified(&first), json!([]));
}
