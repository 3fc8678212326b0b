//! The directory, kept from the window: an agency is added, one ends with an heir, others read it.
use std::rc::Rc;

use crate::exchange::NEXT_DOOR;
use crate::office::{FIRST_PC, Office};
use crate::offices::{has_met, has_the_line_again, loses_the_line};
use crate::programs::Seat;
use crate::walk::Walk;

/// A department that is on no server.
const DEPARTMENT: &str = "Sở Xây dựng tỉnh Hiếu Sơn";

/// All by keys, the first part of it without a line; in between the power is cut.
pub async fn an_administrator_keeps_the_directory(office: &Office<'_>) -> anyhow::Result<()> {
    office.gives_the_directory()?;
    let ours = office.sits(FIRST_PC, Seat::Administrator).await?;
    has_met(&ours).await?;
    loses_the_line(&ours).await?;
    let ours = adds(office, ours).await?;
    ends(office, &ours).await?;
    has_the_line_again(&ours).await?;
    has_met(&ours).await?;
    goes_to_the_directory(&ours).await?;
    ours.sees("Cơ quan mới").await?;
    ours.sees_no_more("chờ gửi lên máy chủ").await?;
    // One that has ended stands behind all that bear its name; its code leads to it.
    finds(&ours, NEXT_DOOR.code, "Kết thúc 30/06/2026. Kế thừa:").await?;
    ours.press("Enter").await?;
    ours.sees("Đinh Công Sáng, Uỷ ban nhân dân xã An Hiếu").await?;
    ours.sees("Cơ quan kế thừa: Sở Xây dựng").await?;
    office.shows(&ours, "danh-ba-co-quan").await?;
    ours.press("Esc").await?;
    let theirs = office.sits(NEXT_DOOR.pc, Seat::Administrator).await?;
    has_met(&theirs).await?;
    goes_to_the_directory(&theirs).await?;
    theirs.sees("Thấy chỗ sai thì báo cơ quan ấy").await?;
    finds(&theirs, "so xay dung", DEPARTMENT).await?;
    office.shows(&theirs, "danh-ba-chi-xem").await
}

async fn goes_to_the_directory(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Quản trị").await?;
    walk.tabs_to("Danh bạ cơ quan").await?;
    walk.press("Enter").await?;
    walk.is_at("Tìm cơ quan").await
}

async fn finds(walk: &Walk, typed: &str, name: &str) -> anyhow::Result<()> {
    walk.press("Ctrl+F").await?;
    walk.types(typed).await?;
    walk.sees(name).await
}

/// A new agency: what was typed of it is there after the power was cut.
async fn adds(office: &Office<'_>, walk: Rc<Walk>) -> anyhow::Result<Rc<Walk>> {
    begins_to_add(&walk).await?;
    walk.types(DEPARTMENT).await?;
    walk.tabs_to("Mã định danh").await?;
    walk.types("H50.9").await?;
    office.shows(&walk, "danh-ba-moi").await?;
    let walk = office.loses_power(walk, Seat::Administrator).await?;
    has_met(&walk).await?;
    loses_the_line(&walk).await?;
    begins_to_add(&walk).await?;
    walk.tabs_to("Mã định danh").await?;
    walk.reads_typed("H50.9").await?;
    walk.press("Ctrl+Enter").await?;
    walk.sees(&format!("Đã ghi {DEPARTMENT} vào danh bạ.")).await?;
    walk.sees("1 lần ghi chờ gửi lên máy chủ").await?;
    Ok(walk)
}

async fn begins_to_add(walk: &Walk) -> anyhow::Result<()> {
    goes_to_the_directory(walk).await?;
    walk.sees("Cơ quan mới").await?;
    walk.press("Ctrl+N").await?;
    walk.is_at("Tên cơ quan").await
}

/// The neighbour ends, and the department came after it.
async fn ends(office: &Office<'_>, walk: &Walk) -> anyhow::Result<()> {
    finds(walk, "binh an", NEXT_DOOR.name).await?;
    walk.press("Enter").await?;
    walk.sees("tự ghi tên và mã của mình").await?;
    walk.tabs_to("Ngày kết thúc").await?;
    walk.types("30/06/2026").await?;
    walk.tabs_to("Cơ quan kế thừa").await?;
    walk.types("so xay dung").await?;
    walk.sees(DEPARTMENT).await?;
    walk.press("Enter").await?;
    office.shows(walk, "danh-ba-ket-thuc").await?;
    walk.press("Ctrl+Enter").await?;
    walk.sees(&format!("Đã ghi {} vào danh bạ.", NEXT_DOOR.name)).await?;
    walk.sees("2 lần ghi chờ gửi lên máy chủ").await?;
    office.shows(walk, "danh-ba-cho-gui").await
}
