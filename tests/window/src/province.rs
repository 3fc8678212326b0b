//! The demo province that `./dev run` opens: two communes and the province, on one server.
use crate::exchange::{NEXT_DOOR, SUBJECT, begins_to_issue};
use crate::office::{FIRST_PC, Office};
use crate::offices::has_met;
use crate::programs::Seat;
use crate::walk::Walk;

/// The PC of the province, as the demo names it.
pub(crate) const PROVINCE_PC: &str = "HS-01";
const PROVINCE: &str = "UBND tỉnh Hiếu Sơn";

/// What the province sent to both communes before anybody came.
const LETTER: &str = "Kế hoạch kiểm tra công tác văn thư";

/// Both communes take the letter in, the province sees it, and has an answer.
pub async fn the_demo_province_exchanges(office: &Office<'_>) -> anyhow::Result<()> {
    office.makes_the_demo_province()?;
    let ours = office.sits(FIRST_PC, Seat::Clerk).await?;
    let theirs = office.sits(NEXT_DOOR.pc, Seat::Clerk).await?;
    for pc in [&ours, &theirs] {
        has_met(pc).await?;
        takes_the_letter_in(pc).await?;
    }
    answers(&ours).await?;
    let province = office.sits(PROVINCE_PC, Seat::Clerk).await?;
    has_met(&province).await?;
    province.goes_to("Văn bản đi").await?;
    province.goes_to_row(LETTER).await?;
    province.chooses_act("Theo dõi nơi nhận").await?;
    province.sees("2 đã tiếp nhận").await?;
    office.shows(&province, "tinh-theo-doi").await?;
    province.goes_to("Chờ vào sổ").await?;
    province.sees(SUBJECT).await?;
    office.shows(&province, "tinh-cho-vao-so").await
}

async fn takes_the_letter_in(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Chờ vào sổ").await?;
    walk.sees(LETTER).await?;
    walk.goes_to_row(LETTER).await?;
    walk.sees(&format!("{PROVINCE} gửi đến lúc")).await?;
    walk.press("Ctrl+Enter").await?;
    walk.sees("Đã vào sổ số").await?;
    walk.goes_to("Văn bản đến").await?;
    walk.sees(LETTER).await
}

async fn answers(walk: &Walk) -> anyhow::Result<()> {
    begins_to_issue(walk).await?;
    walk.is_at("Nơi nhận").await?;
    walk.types("hieu son").await?;
    walk.sees(PROVINCE).await?;
    walk.press("Enter").await?;
    walk.sees("Gửi 1 nơi").await?;
    walk.press("Ctrl+Enter").await?;
    walk.finds_no_more("[role=dialog]").await
}
