//! Real papers go through the real intake of the form: dropped, typed, registered, assigned,
//! reported. Runs where the folder of real documents stands beside the checkout.
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::Desk;
use crate::day_tests::{ask, book, party, seat, setup};

/// Rows of metadata registered after the papers themselves.
const ROWS_MAX: usize = 300;

fn papers() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    folder.is_dir().then_some(folder)
}

fn rows(path: &Path) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// The short name of a kind by its name; a kind that the catalogue lacks comes in as công văn.
fn kind_id(name: &str) -> &'static str {
    let known = assets::KINDS.iter().find(|kind| text::same_text(kind.name, name));
    known.map_or("cong-van", |kind| kind.id)
}

fn fields(reference: &str, date: &str, kind: &str, subject: &str, issuer: &str) -> Value {
    let (number, symbol) = reference.split_once('/').unwrap_or((reference, ""));
    // Real rows hold days such as 32/12: the form refuses them, and a clerk leaves the date open.
    let date = if date.parse::<jiff::civil::Date>().is_ok() { date } else { "" };
    json!({"number": number, "symbol": symbol, "issued_on": date, "kind": kind_id(kind),
        "subject": if subject.is_empty() { "Không có trích yếu" } else { subject },
        "issuer": if issuer.is_empty() { "Cơ quan trung ương" } else { issuer }})
}

fn register(desk: &Desk, book: &str, fields: &Value, files: &Value, card: &Value) -> Value {
    ask(
        desk,
        "incoming.register",
        json!({"book": book, "arrived_on": "", "fields": fields, "attachments": files,
            "card": card, "secret": false, "twin_reason": "nhập lại từ tệp thật",
            "submit_to": null}),
    )
}

#[test]
fn real_papers_are_dropped_typed_registered_assigned_and_reported() {
    let Some(folder) = papers() else { return };
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::for_test(home.path());
    ask(&desk, "setup.found", setup());
    let book = book(&desk, "incoming");
    let pages = folder.join("2_documents/pdf");
    let mut registered = Vec::new();
    for row in rows(&pages.join("labels.csv")) {
        let path = pages.join(&row["file"]);
        let dropped = ask(&desk, "files.drop", json!({"paths": [path], "cards": true}));
        assert_eq!(dropped["files"][0]["refused"], Value::Null, "{}", row["file"]);
        let tray = ask(&desk, "tray", json!({}));
        let card = tray["cards"].as_array().unwrap().last().unwrap().clone();
        let typed = fields(
            &row["so_ky_hieu"],
            &row["ngay_ban_hanh"],
            &row["loai_van_ban"],
            &row["trich_yeu"],
            &row["co_quan_ban_hanh"],
        );
        let done = register(&desk, &book, &typed, &card["attachments"], &card["id"]);
        registered.push(done["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(ask(&desk, "tray", json!({}))["cards"], json!([]));
    let central = folder.join("1_metadata/vbpl_central_documents.csv");
    for row in rows(&central).into_iter().take(ROWS_MAX) {
        let typed = fields(
            &row["so_ky_hieu"],
            &row["ngay_ban_hanh"],
            &row["loai_van_ban"],
            &row["trich_yeu"],
            &row["co_quan_ban_hanh"],
        );
        register(&desk, &book, &typed, &json!([]), &Value::Null);
    }
    seat(&desk, "Lê Quang Thạch");
    let lead = party(&desk, "Trương Thị Thuỳ Trang");
    let directed = json!({"ids": registered, "text": "Chủ trì, báo cáo.", "information": [],
        "assign": {"lead": lead, "co": [], "deadline": "5", "content": ""}});
    ask(&desk, "incoming.direct", directed);
    seat(&desk, "Trương Thị Thuỳ Trang");
    let tasks = ask(&desk, "tasks", json!({"view": "mine"}));
    let rows = tasks["rows"].as_array().unwrap();
    assert_eq!(rows.len(), registered.len());
    for row in rows {
        let report = json!({"id": row["id"], "text": "Đã xử lý.", "files": [], "product": null});
        ask(&desk, "task.report", report);
    }
    let verified = ask(&desk, "verify", json!({}));
    assert_eq!(verified["findings"], json!([]));
}
