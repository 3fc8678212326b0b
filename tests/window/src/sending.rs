//! One document to several agencies: a group is kept and chosen, one takes it in, one refuses it,
//! and who has not answered is reminded.
use crate::exchange::{BEHIND_THE_HILL, NEXT_DOOR, SUBJECT, begins_to_issue, takes_in};
use crate::office::{FIRST_PC, Office};
use crate::offices::has_met;
use crate::programs::Seat;
use crate::walk::Walk;

/// What those next door are called together.
const GROUP: &str = "Hai xã lân cận";
/// Why one refuses.
const REASON: &str = "Xã không có hồ đập nào";
/// What the other is told when it has not answered.
const REMINDER: &str = "Đề nghị tiếp nhận trong ngày";

/// Two agencies are kept as a group and chosen by it; the receipts of both stand side by side.
pub async fn a_group_is_sent_to_and_each_answers(office: &Office<'_>) -> anyhow::Result<()> {
    let ours = office.sits(FIRST_PC, Seat::Clerk).await?;
    let next_door = office.sits(NEXT_DOOR.pc, Seat::Clerk).await?;
    let behind = office.sits(BEHIND_THE_HILL.pc, Seat::Clerk).await?;
    for pc in [&ours, &next_door, &behind] {
        has_met(pc).await?;
    }
    keeps_a_group(office, &ours).await?;
    sends_to_the_group(office, &ours).await?;
    refuses(office, &behind).await?;
    ours.sees(&format!("“{REASON}”")).await?;
    reminds(&ours).await?;
    next_door.goes_to("Chờ vào sổ").await?;
    next_door.sees(&format!("Nơi gửi đã nhắc 1 lần: “{REMINDER}”")).await?;
    takes_in(office, &next_door).await?;
    ours.sees("Đã tiếp nhận, số đến 01").await?;
    ours.sees("1 từ chối").await?;
    office.shows(&ours, "nhieu-noi-nhan").await
}

/// Both are typed, and kept under a name; both are taken off again, by keys alone.
async fn keeps_a_group(office: &Office<'_>, walk: &Walk) -> anyhow::Result<()> {
    begins_to_issue(walk).await?;
    for (at, (letters, name)) in
        [("binh an", NEXT_DOOR.name), ("cam son", BEHIND_THE_HILL.name)].into_iter().enumerate()
    {
        walk.is_at("Nơi nhận").await?;
        walk.types(letters).await?;
        walk.sees(name).await?;
        walk.press("Enter").await?;
        walk.sees(&format!("Gửi {} nơi", at + 1)).await?;
    }
    walk.tabs_to("Lưu 2 nơi này thành nhóm").await?;
    walk.press("Enter").await?;
    walk.is_at("Tên nhóm").await?;
    walk.types(GROUP).await?;
    office.shows(walk, "luu-nhom-noi-nhan").await?;
    walk.press("Enter").await?;
    // What was typed is kept, and the keys go on where they stood.
    walk.is_at("Lưu 2 nơi này thành nhóm").await?;
    walk.tabs_to("Bỏ UBND").await?;
    walk.press("Enter").await?;
    walk.sees("Gửi 1 nơi").await?;
    walk.is_at("Bỏ UBND").await?;
    walk.press("Enter").await?;
    walk.sees("Chưa chọn nơi nhận nào.").await
}

/// A few letters of the group, Enter, Ctrl+Enter.
async fn sends_to_the_group(office: &Office<'_>, walk: &Walk) -> anyhow::Result<()> {
    walk.tabs_to("Nơi nhận").await?;
    walk.types("hai xa").await?;
    walk.sees(GROUP).await?;
    walk.press("Enter").await?;
    walk.sees(&format!("Đã chọn 2 nơi của nhóm {GROUP}.")).await?;
    walk.sees("Xoá nhóm này").await?;
    walk.sees("Gửi 2 nơi").await?;
    office.shows(walk, "gui-ca-nhom").await?;
    walk.press("Ctrl+Enter").await?;
    walk.finds_no_more("[role=dialog]").await?;
    walk.chooses_act("Theo dõi nơi nhận").await?;
    for name in [NEXT_DOOR.name, BEHIND_THE_HILL.name] {
        walk.sees(name).await?;
    }
    walk.sees("2 chưa trả lời").await
}

/// Not for this agency: it goes back with the reason, and no number is used.
async fn refuses(office: &Office<'_>, walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Chờ vào sổ").await?;
    walk.sees(SUBJECT).await?;
    walk.tabs_to("Từ chối").await?;
    walk.press("Enter").await?;
    walk.is_at("Lý do").await?;
    walk.types(REASON).await?;
    office.shows(walk, "tu-choi-tiep-nhan").await?;
    walk.press("Ctrl+Enter").await?;
    walk.finds_no_more("[role=dialog]").await
}

/// N, one line, Ctrl+Enter: who has answered is not reminded.
async fn reminds(walk: &Walk) -> anyhow::Result<()> {
    walk.press("n").await?;
    walk.sees("Nhắc 1 nơi chưa tiếp nhận").await?;
    walk.is_at("Lời nhắc").await?;
    walk.press("Ctrl+A").await?;
    walk.types(REMINDER).await?;
    walk.press("Ctrl+Enter").await?;
    walk.finds_no_more("[role=dialog]").await?;
    walk.sees("Đã nhắc lúc").await
}
