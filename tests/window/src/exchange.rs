//! Between agencies: a document is issued, taken in, followed, called back and replaced (J5).
use std::rc::Rc;

use crate::office::{FIRST_PC, Neighbour, Office};
use crate::offices::has_met;
use crate::programs::Seat;
use crate::walk::Walk;

/// The agency next door.
pub const NEXT_DOOR: Neighbour =
    Neighbour { pc: "BA-01", name: "UBND xã Bình An", code: "H50.99.36" };
/// The one behind the hill.
pub const BEHIND_THE_HILL: Neighbour =
    Neighbour { pc: "CS-01", name: "UBND xã Cẩm Sơn", code: "H50.99.37" };

/// A report that has its number and its page, and was sent to nobody yet.
pub(crate) const SUBJECT: &str = "Nhanh tình hình thiệt hại do mưa lũ";
/// Why it is called back.
const REASON: &str = "Sai số liệu ở phụ lục";

/// One agency issues, the other takes in and each step is seen; then it is called back.
pub async fn a_document_goes_and_comes_back(office: &Office<'_>) -> anyhow::Result<()> {
    let ours = office.sits(FIRST_PC, Seat::Clerk).await?;
    let theirs = office.sits(NEXT_DOOR.pc, Seat::Clerk).await?;
    for pc in [&ours, &theirs] {
        has_met(pc).await?;
    }
    let ours = issues(office, ours).await?;
    takes_in(office, &theirs).await?;
    ours.sees("Đã tiếp nhận, số đến 01").await?;
    office.shows(&ours, "theo-doi-noi-nhan").await?;
    proves(office, &ours).await?;
    calls_back(office, &ours).await?;
    gives_back(office, &theirs).await?;
    ours.sees("Đã thu hồi, Nguyễn Thị Thu đồng ý lúc").await?;
    office.shows(&ours, "da-thu-hoi").await?;
    replaces(office, &ours).await
}

/// P, a few letters of the name without marks, Enter, Ctrl+Enter. In between the power is cut: who
/// was chosen is chosen still.
async fn issues(office: &Office<'_>, walk: Rc<Walk>) -> anyhow::Result<Rc<Walk>> {
    begins_to_issue(&walk).await?;
    walk.is_at("Nơi nhận").await?;
    walk.types("binh an").await?;
    walk.sees(NEXT_DOOR.name).await?;
    walk.press("Enter").await?;
    walk.sees("Gửi 1 nơi").await?;
    office.shows(&walk, "phat-hanh-lien-thong").await?;
    let walk = office.loses_power(walk, Seat::Clerk).await?;
    begins_to_issue(&walk).await?;
    walk.sees("Gửi 1 nơi").await?;
    walk.press("Ctrl+Enter").await?;
    walk.finds_no_more("[role=dialog]").await?;
    walk.chooses_act("Theo dõi nơi nhận").await?;
    walk.sees("Tình trạng, việc cần làm").await?;
    walk.sees("Nơi nhận đã có, chưa tiếp nhận").await?;
    Ok(walk)
}

pub(crate) async fn begins_to_issue(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Văn bản đi").await?;
    walk.goes_to_tab("Tất cả", "Chờ phát hành").await?;
    walk.press("Tab").await?;
    walk.goes_to_row(SUBJECT).await?;
    walk.reads_current_row().await?;
    walk.press("p").await?;
    walk.finds("[role=dialog]").await
}

/// B writes the evidence and says where it lies; Enter on the row opens all that can be done.
async fn proves(office: &Office<'_>, walk: &Walk) -> anyhow::Result<()> {
    walk.press("b").await?;
    walk.sees("Đã ghi bằng chứng về việc gửi").await?;
    walk.sees("bang-chung").await?;
    walk.sees("Mở thư mục").await?;
    office.shows(walk, "xuat-bang-chung").await?;
    walk.tabs_to("Đóng").await?;
    walk.press("Enter").await?;
    walk.sees_no_more("Mở thư mục").await
}

/// T drafts what takes its place, with everybody who had it.
async fn replaces(office: &Office<'_>, walk: &Walk) -> anyhow::Result<()> {
    walk.press("t").await?;
    walk.sees("Thay thế văn bản số").await?;
    office.shows(walk, "van-ban-thay-the").await?;
    walk.press("Ctrl+Enter").await?;
    walk.sees("Đã lưu dự thảo").await?;
    walk.sees("Mở văn bản này").await
}

/// The card has every field; one key puts it into the book.
pub(crate) async fn takes_in(office: &Office<'_>, walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Chờ vào sổ").await?;
    walk.sees(SUBJECT).await?;
    walk.sees("xã An Hiếu gửi đến lúc").await?;
    walk.sees("Vào sổ số 01").await?;
    office.shows(walk, "cho-vao-so-qua-mang").await?;
    walk.press("Ctrl+Enter").await?;
    walk.sees("Đã vào sổ số 01").await
}

async fn calls_back(office: &Office<'_>, walk: &Walk) -> anyhow::Result<()> {
    walk.tabs_to("Thu hồi").await?;
    walk.press("Enter").await?;
    walk.finds("[role=dialog]").await?;
    walk.tabs_to("Lý do").await?;
    walk.types(REASON).await?;
    office.shows(walk, "thu-hoi-van-ban").await?;
    walk.press("Ctrl+Enter").await?;
    walk.finds_no_more("[role=dialog]").await?;
    walk.sees("Đã đề nghị thu hồi, chờ nơi nhận trả lời").await
}

async fn gives_back(office: &Office<'_>, walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Chờ vào sổ").await?;
    walk.sees("đề nghị thu hồi văn bản này").await?;
    walk.sees(REASON).await?;
    office.shows(walk, "de-nghi-thu-hoi").await?;
    walk.tabs_to("Đồng ý thu hồi").await?;
    walk.press("Enter").await?;
    walk.finds("[role=dialog]").await?;
    walk.press("Ctrl+Enter").await?;
    walk.finds_no_more("[role=dialog]").await?;
    walk.goes_to("Văn bản đến").await?;
    walk.goes_to_row(SUBJECT).await?;
    walk.sees("số và dòng trong sổ vẫn giữ").await
}
