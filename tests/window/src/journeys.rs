//! The journeys of PRODUCT, by pressing keys only; each is walked in the window and in a browser.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;

use crate::programs;
use crate::walk::Walk;

/// A real page that the project ships, and the name a scanner would give it.
const PAGE: &str = "assets/demo/pages/stc_tb_172.pdf";
const SCAN_NAME: &str = "quet-0001.pdf";

/// What the founder types as his PIN.
const PIN: &str = "246810";

/// Letters in a group of the recovery code.
const GROUP_LETTERS: usize = 4;

/// Every screen of the rail, by its name there.
pub const SCREENS: [&str; 9] = [
    "Bàn làm việc",
    "Văn bản đến",
    "Văn bản đi",
    "Chờ vào sổ",
    "Nhiệm vụ",
    "Sổ đăng ký",
    "Tìm kiếm",
    "Đồng bộ",
    "Quản trị",
];

/// The window opens on the demo commune, and the register shows rows.
pub async fn the_register_shows_rows(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Văn bản đến").await?;
    walk.finds("[role=row][data-key]").await
}

/// The page of a scanned document is drawn beside the list, read in parts from the desk.
pub async fn the_page_of_a_document_is_drawn(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Văn bản đến").await?;
    walk.goes_to_tab("Tất cả", "Chờ ý kiến").await?;
    walk.press("Tab").await?;
    walk.goes_to_row("77/BC-STC").await?;
    walk.reads_current_row().await?;
    walk.sees_paper().await
}

/// Nothing that axe calls serious stands on any screen of this officer, in light or dark.
pub async fn every_screen_can_be_used_by_everyone(walk: &Walk) -> anyhow::Result<()> {
    for screen in walk.screens().await? {
        walk.goes_to(&screen).await?;
        in_both_lights(walk, &screen).await?;
    }
    Ok(())
}

/// The first run, by keys: the wizard step by step, the code onto paper, the lock and back.
pub async fn an_administrator_founds_the_agency(walk: &Walk) -> anyhow::Result<()> {
    goes_through_the_wizard(walk).await?;
    writes_the_recovery_code_down(walk).await?;
    walk.goes_to("Quản trị").await?;
    walk.chooses_act("Khoá máy").await?;
    walk.is_at("Mã PIN").await?;
    in_both_lights(walk, "the lock").await?;
    walk.types(PIN).await?;
    walk.press("Enter").await?;
    walk.finds("nav a[aria-current=page]").await
}

/// The wizard, step by step, up to the page with the recovery code.
pub async fn goes_through_the_wizard(walk: &Walk) -> anyhow::Result<()> {
    walk.is_at("Tìm xã, phường").await?;
    in_both_lights(walk, "the wizard").await?;
    walk.tabs_to("Tên").await?;
    walk.types("UBND xã An Hiếu").await?;
    walk.tabs_to("Mã định danh").await?;
    walk.types("H50.99.01").await?;
    for step in ["Bước 2/6", "Bước 3/6"] {
        walk.press("Ctrl+Enter").await?;
        walk.sees(step).await?;
        walk.is_at("Tên").await?;
        in_both_lights(walk, step).await?;
    }
    walk.types("Trần An Hân").await?;
    walk.tabs_to("Chức vụ").await?;
    walk.types("Công chức").await?;
    walk.tabs_to("PIN").await?;
    walk.types(PIN).await?;
    for step in ["Bước 4/6", "Bước 5/6", "Bước 6/6"] {
        walk.press("Ctrl+Enter").await?;
        walk.sees(step).await?;
        in_both_lights(walk, step).await?;
    }
    walk.press("Ctrl+Enter").await?;
    walk.sees("Mã khôi phục của sổ").await
}

/// The code is shown until its last group comes back from the paper.
async fn writes_the_recovery_code_down(walk: &Walk) -> anyhow::Result<()> {
    in_both_lights(walk, "the recovery code").await?;
    walk.is_at("Gõ lại nhóm cuối").await?;
    let last = walk.last_of("main [aria-label=\"Mã khôi phục\"] span").await?;
    anyhow::ensure!(last.len() == GROUP_LETTERS, "a group of the code is “{last}”");
    walk.types("!").await?;
    walk.press("Enter").await?;
    walk.sees("Nhóm cuối chưa khớp").await?;
    walk.press("Ctrl+A").await?;
    walk.types(&last.to_lowercase()).await?;
    walk.press("Enter").await?;
    walk.sees_no_more("Mã khôi phục của sổ").await
}

/// The lock of a PC with several officers.
pub async fn the_lock_can_be_used_by_everyone(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Văn bản đến").await?;
    walk.chooses_act("Khoá máy").await?;
    walk.finds("[role=listbox]").await?;
    in_both_lights(walk, "the lock").await
}

/// The calendar of deadlines, walked by keys from day to day and into a task.
pub async fn a_leader_walks_the_calendar_of_tasks(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Nhiệm vụ").await?;
    walk.tabs_to("Danh sách").await?;
    walk.press_all(&["→", "→"]).await?;
    walk.finds("[role=grid] td.off").await?;
    in_both_lights(walk, "the calendar").await?;
    walk.tabs_to("ngày").await?;
    let today = walk.last_of("td[tabindex='0'] .date").await?;
    walk.press("→").await?;
    let next = walk.last_of("td[tabindex='0'] .date").await?;
    anyhow::ensure!(today != next, "the arrow left the focus on day {today}");
    walk.press_all(&["PageUp", "PageDown", "PageDown"]).await?;
    walk.sees("Tháng ").await
}

/// The lists by tabs: late documents are found, each tab says how many it has.
pub async fn a_leader_finds_what_is_late(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Văn bản đến").await?;
    walk.sees("Khẩn, chưa xong").await?;
    walk.goes_to_tab("Tất cả", "Quá hạn").await?;
    walk.finds("[role=row][data-key]").await?;
    walk.sees("quá hạn").await
}

pub(crate) async fn in_both_lights(walk: &Walk, screen: &str) -> anyhow::Result<()> {
    for theme in ["light", "dark"] {
        walk.lights(theme).await?;
        walk.is_accessible(&format!("{screen}, {theme}")).await?;
    }
    Ok(())
}

/// J1 with typed fields: a file comes, its fields are typed, Ctrl+Enter registers it.
pub async fn a_clerk_registers_what_was_scanned(walk: &Walk) -> anyhow::Result<()> {
    let subject = "Về việc tăng cường phòng, chống dịch bệnh gia súc, gia cầm";
    walk.goes_to("Chờ vào sổ").await?;
    walk.chooses_file("Ctrl+O", &a_scan(walk)?).await?;
    walk.sees(SCAN_NAME).await?;
    walk.goes_to_row(SCAN_NAME).await?;
    walk.press("Enter").await?;
    fill_the_form(walk, "417/UBND-KT", subject).await?;
    let number = walk.next_number().await?;
    walk.press("Ctrl+Enter").await?;
    walk.sees(&format!("Đã vào sổ số {number}.")).await?;
    walk.goes_to("Văn bản đến").await?;
    walk.sees(subject).await
}

/// J1 without a file, with the same document twice: the second is told of the first.
pub async fn a_clerk_is_told_of_a_twin(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Văn bản đến").await?;
    for twice in ["Về việc rà soát hộ nghèo", "Về việc rà soát hộ nghèo, hộ cận nghèo"]
    {
        walk.press("Ctrl+N").await?;
        fill_the_form(walk, "88/SNN-TL", twice).await?;
        walk.press("Ctrl+Enter").await?;
        walk.finds("[role=status], [role=alert]").await?;
    }
    walk.sees("Giống văn bản đã vào sổ số").await
}

/// The fields in the order of the form; Enter goes to the next one.
pub(crate) async fn fill_the_form(
    walk: &Walk,
    reference: &str,
    subject: &str,
) -> anyhow::Result<()> {
    walk.is_at("Số, ký hiệu").await?;
    walk.types(reference).await?;
    walk.press("Enter").await?;
    walk.is_at("Ngày văn bản").await?;
    walk.types("hôm qua").await?;
    walk.press("Enter").await?;
    walk.is_at("Cơ quan").await?;
    walk.types("UBND huyện Hiếu Giang").await?;
    walk.press_all(&["Esc", "Tab"]).await?;
    walk.is_at("Tên loại").await?;
    walk.types("cong van").await?;
    walk.press_all(&["Enter", "Tab"]).await?;
    walk.is_at("Trích yếu").await?;
    walk.types(subject).await
}

/// J2: the leader gives what waits to somebody in three keys, the next one opens; undo works.
pub async fn a_leader_gives_work_in_three_keys(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Văn bản đến").await?;
    walk.goes_to_tab("Tất cả", "Chờ ý kiến").await?;
    walk.press("Tab").await?;
    walk.finds("[role=row][data-key]").await?;
    walk.reads_current_row().await?;
    let first = walk.current_row().await?;
    walk.press("g").await?;
    walk.finds("[role=dialog]").await?;
    walk.sees("Chủ trì").await?;
    walk.press("1").await?;
    walk.press("Alt+1").await?;
    walk.press("Ctrl+Enter").await?;
    walk.sees("Đã giao").await?;
    let next = walk.current_row().await?;
    anyhow::ensure!(first != next, "the next document did not open after {first}");
    walk.press("Ctrl+Z").await?;
    walk.sees("Đã hoàn tác").await
}

/// J3: an official reports progress, asks for more time and hands in the result.
pub async fn an_official_does_a_task(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Nhiệm vụ").await?;
    walk.finds("[role=row][data-key]").await?;
    walk.chooses_act("Báo tiến độ").await?;
    walk.tabs_to("Phần trăm").await?;
    walk.press("Ctrl+A").await?;
    walk.types("60").await?;
    walk.tabs_to("Đã làm gì").await?;
    walk.types("Đã họp với các thôn, đang tổng hợp số liệu").await?;
    walk.press("Ctrl+Enter").await?;
    walk.sees("Đã báo tiến độ").await?;
    walk.chooses_act("Xin gia hạn").await?;
    walk.tabs_to("Hạn mới").await?;
    walk.types("15").await?;
    walk.tabs_to("Lý do").await?;
    walk.types("Chờ số liệu của Chi cục Thuỷ lợi").await?;
    walk.press("Ctrl+Enter").await?;
    walk.sees("Đã xin gia hạn").await?;
    walk.chooses_act("Báo cáo kết quả").await?;
    walk.tabs_to("Kết quả").await?;
    walk.types("Đã xong, kèm dự thảo báo cáo").await?;
    walk.tabs_to("Thêm tệp").await?;
    walk.chooses_file("Enter", &a_scan(walk)?).await?;
    walk.sees(SCAN_NAME).await?;
    walk.press("Ctrl+Enter").await?;
    walk.sees("Đã gửi báo cáo kết quả").await
}

/// Makes a page as the scanner does: one of the demo's pages that nobody has registered yet.
fn a_scan(walk: &Walk) -> anyhow::Result<PathBuf> {
    let page = programs::in_the_project(PAGE);
    let mut bytes = fs::read(&page).with_context(|| format!("reading {}", page.display()))?;
    // A comment after the end changes the file's name in the register, and nothing on the page.
    bytes.extend_from_slice(b"\n% scanned again\n");
    let scan = walk.profile().join(SCAN_NAME);
    fs::write(&scan, bytes).with_context(|| format!("writing {}", scan.display()))?;
    Ok(scan)
}
