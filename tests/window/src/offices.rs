//! Journeys in the windows of several PCs: the line comes back (J6), books change hands.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;

use crate::journeys::fill_the_form;
use crate::office::{FIRST_PC, Office};
use crate::programs::Seat;
use crate::walk::Walk;

/// The second PC of the records office.
pub const SECOND_PC: &str = "VT-02";

/// Who sits where at the records office.
pub(crate) const CLERK: &str = "Phan Thị Mỹ Lệ";
const CHAIRMAN: &str = "Lê Quang Thạch";

/// Two documents that wait for the chairman, one of them urgent.
const PLAIN: &str = "77/BC-STC";
const URGENT: &str = "1842/UBND-KTN";

/// What is registered while there is no line.
const AT_FIRST: &str = "Về việc bảo đảm an toàn hồ đập mùa mưa lũ";
const AT_SECOND: &str = "Kế hoạch tiêm chủng mở rộng quý IV";

/// What two clerks make of one subject.
const BY_FIRST: &str = "Kết quả công tác tiếp công dân quý III";
const BY_SECOND: &str = "Kết quả công tác tiếp công dân chín tháng";

/// Rows at the top of a list that both windows show.
const ROWS_COMPARED: usize = 6;

/// J6 at two desks: both lose the line and go on; it comes back and both show the same.
pub async fn the_line_comes_back(office: &Office<'_>) -> anyhow::Result<()> {
    let first = office.sits(FIRST_PC, Seat::Clerk).await?;
    let second = office.sits(SECOND_PC, Seat::Clerk).await?;
    for pc in [&first, &second] {
        has_met(pc).await?;
        loses_the_line(pc).await?;
    }
    registers(&first, "512/CCTL-QLCT", AT_FIRST).await?;
    registers(&second, "96/TTYT-KH", AT_SECOND).await?;
    corrects_the_subject(&first, PLAIN, BY_FIRST).await?;
    corrects_the_subject(&second, PLAIN, BY_SECOND).await?;
    for reference in [PLAIN, URGENT] {
        closes(&second, reference).await?;
    }
    changes_places(&first, CHAIRMAN).await?;
    for reference in [PLAIN, URGENT] {
        gives_work(&first, reference).await?;
    }
    changes_places(&first, CLERK).await?;
    for pc in [&first, &second] {
        has_the_line_again(pc).await?;
    }
    what_was_not_taken_waits(office, &second).await?;
    gives_the_number_that_waits(&first, AT_SECOND).await?;
    for pc in [&first, &second] {
        pc.goes_to("Văn bản đến").await?;
        for subject in [AT_FIRST, AT_SECOND, BY_SECOND] {
            pc.sees(subject).await?;
        }
    }
    both_show_the_same(&first, &second).await
}

/// Work was given to others meanwhile, so the closing is told of, urgent documents first.
async fn what_was_not_taken_waits(office: &Office<'_>, walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Đồng bộ").await?;
    walk.sees("2 việc cần xem lại").await?;
    let items = walk.all_of("ul[aria-label='Việc cần xem lại'] .head").await?;
    let urgent = items.first().context("nothing waits")?;
    anyhow::ensure!(items.len() == 2 && urgent.contains("KHẨN"), "what waits: {items:?}");
    office.shows(walk, "can-xem-lai").await
}

/// The numbers of a PC without the book are given by the one that has it.
async fn gives_the_number_that_waits(walk: &Walk, subject: &str) -> anyhow::Result<()> {
    walk.goes_to("Văn bản đến").await?;
    walk.goes_to_row(subject).await?;
    walk.sees("Cấp số").await?;
    walk.chooses_act("Cấp số").await?;
    walk.sees("Đã cấp số").await
}

async fn both_show_the_same(one: &Walk, other: &Walk) -> anyhow::Result<()> {
    let mut shown = Vec::new();
    for walk in [one, other] {
        walk.goes_to("Tìm kiếm").await?;
        walk.goes_to("Văn bản đến").await?;
        walk.settles().await?;
        walk.sees_no_more("Trên máy này").await?;
        let mut rows = walk.all_of("main [role=row][data-key]").await?;
        rows.truncate(ROWS_COMPARED);
        shown.push(rows);
    }
    let [here, there] = shown.as_slice() else { anyhow::bail!("two windows were read") };
    anyhow::ensure!(!here.is_empty() && here == there, "here {here:#?}, there {there:#?}");
    Ok(())
}

/// A book goes over on a stick while nobody has a line, then back over the server.
pub async fn a_book_goes_over_on_a_stick(office: &Office<'_>) -> anyhow::Result<()> {
    let first = office.sits(FIRST_PC, Seat::Clerk).await?;
    let second = office.sits(SECOND_PC, Seat::Clerk).await?;
    for pc in [&first, &second] {
        has_met(pc).await?;
        loses_the_line(pc).await?;
    }
    let number = registers(&first, "512/CCTL-QLCT", AT_FIRST).await?.context("VT-01 numbers")?;
    let stick = tempfile::Builder::new().prefix("usb-").tempdir().context("making a stick")?;
    first.goes_to("Sổ đăng ký").await?;
    first.sees("Cấp số được cả lúc mất mạng.").await?;
    first.chooses_act("Bàn giao cho máy khác: Văn bản đến").await?;
    first.tabs_to("Máy nhận").await?;
    first.picks(SECOND_PC).await?;
    first.tabs_to("Thư mục trên USB").await?;
    first.types(&stick.path().to_string_lossy()).await?;
    office.shows(&first, "ban-giao-so").await?;
    first.press("Ctrl+Enter").await?;
    first.sees("Đã bàn giao Văn bản đến").await?;
    first.sees("giữ quyền cấp số").await?;
    let file = only_file_on(stick.path())?;
    second.goes_to("Sổ đăng ký").await?;
    second.chooses_act("Nhận bàn giao từ tệp: Văn bản đến").await?;
    second.is_at("Tệp bàn giao").await?;
    second.types(&file.to_string_lossy()).await?;
    second.press("Ctrl+Enter").await?;
    second.sees(&holds_it(number + 1)).await?;
    let next = registers(&second, "96/TTYT-KH", AT_SECOND).await?;
    anyhow::ensure!(next == Some(number + 1), "VT-02 gave {next:?} after {number}");
    for pc in [&first, &second] {
        has_the_line_again(pc).await?;
    }
    goes_back_over_the_server(&first, &second, number + 2).await
}

fn holds_it(next: u32) -> String {
    format!("Máy này cấp số cho sổ này, số tiếp theo {next}.")
}

async fn goes_back_over_the_server(to: &Walk, from: &Walk, next: u32) -> anyhow::Result<()> {
    from.goes_to("Sổ đăng ký").await?;
    from.chooses_act("Trả về máy chủ: Văn bản đến").await?;
    to.goes_to("Sổ đăng ký").await?;
    for pc in [from, to] {
        pc.sees("Số do máy chủ cấp khi tới nơi.").await?;
    }
    to.chooses_act("Xin giữ quyền cấp số: Văn bản đến").await?;
    to.sees(&holds_it(next)).await?;
    from.sees("Nhận bàn giao từ tệp").await
}

fn only_file_on(stick: &std::path::Path) -> anyhow::Result<PathBuf> {
    let mut files = fs::read_dir(stick).context("reading the stick")?;
    let file = files.next().context("the stick is empty")??;
    anyhow::ensure!(files.next().is_none(), "more than one file lies on the stick");
    Ok(file.path())
}

/// An administrator shuts a PC out: its window says so, and its keys are gone.
pub async fn a_pc_that_is_shut_out_says_so(office: &Office<'_>) -> anyhow::Result<()> {
    let other = office.sits(SECOND_PC, Seat::Clerk).await?;
    has_met(&other).await?;
    let administrator = office.sits(FIRST_PC, Seat::Administrator).await?;
    goes_to_the_pcs(&administrator).await?;
    shuts_out(office, &administrator, SECOND_PC, "Máy mất ở xe khách").await?;
    other.sees("Máy này đã bị thu quyền nên không còn giữ sổ của cơ quan.").await?;
    office.shows(&other, "may-bi-thu-quyen").await?;
    let keys = other.profile().join("keyring.json");
    anyhow::ensure!(!keys.exists(), "the keys of a PC that was shut out lie there still");
    Ok(())
}

/// Quản trị, the PCs of the agency.
pub(crate) async fn goes_to_the_pcs(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Quản trị").await?;
    walk.tabs_to("Máy của cơ quan").await?;
    walk.press("Enter").await?;
    walk.sees("Mã cho máy mới").await
}

/// The only other PC that works is shut out, with a reason and its name typed.
pub(crate) async fn shuts_out(
    office: &Office<'_>,
    walk: &Walk,
    pc: &str,
    reason: &str,
) -> anyhow::Result<()> {
    walk.tabs_to("Thu quyền").await?;
    walk.press("Enter").await?;
    walk.sees(&format!("Thu quyền của máy {pc}")).await?;
    walk.is_at("Lý do").await?;
    walk.types(reason).await?;
    walk.tabs_to("Gõ lại tên máy").await?;
    walk.types(pc).await?;
    office.shows(walk, "thu-quyen-may").await?;
    walk.press("Ctrl+Enter").await?;
    walk.sees(&format!("Đã thu quyền của máy {pc}.")).await?;
    walk.sees(&format!("đã thu quyền: {reason}")).await
}

/// This PC and the server have said all.
pub(crate) async fn has_met(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Đồng bộ").await?;
    walk.sees("Đã đồng bộ lúc").await
}

/// The switch of the window is turned off.
pub(crate) async fn loses_the_line(walk: &Walk) -> anyhow::Result<()> {
    walk.chooses_act("Ngắt mạng").await?;
    walk.sees("Đã ngắt mạng từ").await
}

/// The switch is turned on, and all goes up.
pub(crate) async fn has_the_line_again(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Đồng bộ").await?;
    walk.chooses_act("Nối mạng lại").await?;
    walk.sees("Không còn việc chờ gửi.").await
}

/// Registers by keys; returns the number, or nothing when it waits for one.
pub(crate) async fn registers(
    walk: &Walk,
    reference: &str,
    subject: &str,
) -> anyhow::Result<Option<u32>> {
    walk.goes_to("Văn bản đến").await?;
    walk.press("Ctrl+N").await?;
    fill_the_form(walk, reference, subject).await?;
    let number = walk.next_number().await.ok();
    walk.press("Ctrl+Enter").await?;
    let Some(number) = number else {
        walk.sees("Đã vào sổ, chờ cấp số.").await?;
        return Ok(None);
    };
    walk.sees(&format!("Đã vào sổ số {number}.")).await?;
    Ok(Some(number.parse().with_context(|| format!("{number} is a number"))?))
}

/// The document of a reference is read, among those that wait for an opinion.
async fn reads(walk: &Walk, reference: &str) -> anyhow::Result<()> {
    // From another screen, so that the list begins at its first tab.
    walk.goes_to("Tìm kiếm").await?;
    walk.goes_to("Văn bản đến").await?;
    walk.goes_to_tab("Tất cả", "Chờ ý kiến").await?;
    walk.press("Tab").await?;
    walk.goes_to_row(reference).await?;
    walk.reads_current_row().await
}

async fn corrects_the_subject(walk: &Walk, reference: &str, text: &str) -> anyhow::Result<()> {
    reads(walk, reference).await?;
    walk.goes_to_tab("Xử lý", "Thông tin").await?;
    walk.tabs_to("Sửa Trích yếu").await?;
    walk.press("Enter").await?;
    walk.is_at("Trích yếu").await?;
    walk.press("Ctrl+A").await?;
    walk.types(text).await?;
    walk.press("Enter").await?;
    walk.sees("Đã sửa").await?;
    walk.sees(text).await
}

async fn closes(walk: &Walk, reference: &str) -> anyhow::Result<()> {
    reads(walk, reference).await?;
    walk.chooses_act("Kết thúc, lưu").await?;
    walk.finds("[role=dialog]").await?;
    walk.types("Đã trả lời qua điện thoại").await?;
    walk.press("Ctrl+Enter").await?;
    walk.finds_no_more("[role=dialog]").await
}

async fn gives_work(walk: &Walk, reference: &str) -> anyhow::Result<()> {
    reads(walk, reference).await?;
    walk.press("g").await?;
    walk.finds("[role=dialog]").await?;
    walk.sees("Chủ trì").await?;
    walk.press("1").await?;
    walk.press("Alt+1").await?;
    walk.press("Ctrl+Enter").await?;
    // What was done is said for some seconds only.
    walk.sees("Đã giao").await?;
    walk.finds_no_more("[role=dialog]").await
}

/// Another officer sits down at the same PC; in a demo nobody is asked for a PIN.
pub(crate) async fn changes_places(walk: &Walk, name: &str) -> anyhow::Result<()> {
    walk.chooses_act("Khoá máy").await?;
    walk.sees("Ai ngồi vào máy này").await?;
    walk.chooses_option(name).await?;
    walk.sees(&format!("{name}, ")).await?;
    walk.finds("nav a[aria-current=page]").await
}
