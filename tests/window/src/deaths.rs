//! Journeys after a PC has died (J8): its book is taken over, a new PC has the register again.

use std::rc::Rc;

use anyhow::Context as _;

use crate::journeys::fill_the_form;
use crate::office::{FIRST_PC, Office};
use crate::offices::{
    CLERK, SECOND_PC, changes_places, goes_to_the_pcs, has_met, loses_the_line, registers,
    shuts_out,
};
use crate::programs::Seat;
use crate::walk::Walk;

/// The PC of the administrator, and that of the office head.
pub const ADMINISTRATOR_PC: &str = "QT-01";
/// The PC of the office head.
pub const HEAD_PC: &str = "VP-01";
/// The PC that comes in place of the dead one.
const NEW_PC: &str = "VT-03";

/// What the administrator of the demo is called.
const ADMINISTRATOR: &str = "Đinh Công Sáng";

/// The PIN of the officer on the new PC.
const PIN: &str = "246810";

/// What reached the server, and what stands only on paper.
const REACHED: &str = "Về việc bảo đảm an toàn hồ đập mùa mưa lũ";
const ON_PAPER: [(&str, &str); 2] = [
    ("96/TTYT-KH", "Kế hoạch tiêm chủng mở rộng quý IV"),
    ("31/HND-BC", "Kết quả phong trào nông dân thi đua sản xuất"),
];
const AFTERWARDS: &str = "Rà soát hộ nghèo, hộ cận nghèo cuối năm";

/// J8: the PC that gives the numbers dies with two of them; the book goes on elsewhere.
pub async fn a_pc_dies(office: &Office<'_>) -> anyhow::Result<()> {
    let first = office.sits(FIRST_PC, Seat::Clerk).await?;
    has_met(&first).await?;
    let reached = registers(&first, "512/CCTL-QLCT", REACHED).await?.context("it numbers")?;
    has_met(&first).await?;
    first.sees("Không còn việc chờ gửi.").await?;
    loses_the_line(&first).await?;
    for (reference, subject) in ON_PAPER {
        registers(&first, reference, subject).await?;
    }
    office.dies(first).await?;

    let administrator = office.sits(ADMINISTRATOR_PC, Seat::Administrator).await?;
    goes_to_the_pcs(&administrator).await?;
    shuts_out(office, &administrator, FIRST_PC, "Máy cháy nguồn, mất ổ cứng").await?;
    let code = makes_a_code(&administrator, CLERK).await?;
    let new = office.new_pc().await?;
    comes_to_the_agency(&new, &code).await?;
    new.goes_to("Văn bản đến").await?;
    new.sees(REACHED).await?;

    let head = office.sits(HEAD_PC, Seat::Head).await?;
    takes_the_book_over(office, &head, reached + 2).await?;
    enters_again_from_paper(office, &new, reached).await?;
    let next = registers(&new, "18/PNN-CV", AFTERWARDS).await?;
    anyhow::ensure!(next == Some(reached + 3), "after {} came {next:?}", reached + 2);
    head.goes_to("Văn bản đến").await?;
    for subject in [REACHED, ON_PAPER[0].1, ON_PAPER[1].1, AFTERWARDS] {
        head.sees(subject).await?;
    }
    Ok(())
}

/// What stands on the sheet for a new PC.
struct Sheet {
    address: String,
    code: String,
    key: String,
}

async fn makes_a_code(walk: &Walk, officer: &str) -> anyhow::Result<Sheet> {
    walk.tabs_to("Mã cho ai").await?;
    walk.picks(officer).await?;
    walk.tabs_to("Tạo mã").await?;
    walk.press("Enter").await?;
    walk.sees("Mã gia nhập cơ quan").await?;
    let lines = walk.all_of(".code-sheet dd").await?;
    let [whose, _until, address, code, key] = lines.as_slice() else {
        anyhow::bail!("the sheet says {lines:?}")
    };
    anyhow::ensure!(whose == officer, "the code is for {whose}");
    Ok(Sheet { address: address.clone(), code: code.clone(), key: key.clone() })
}

async fn comes_to_the_agency(walk: &Walk, sheet: &Sheet) -> anyhow::Result<()> {
    walk.is_at("Tìm xã, phường").await?;
    walk.press("Shift+Tab").await?;
    walk.press("→").await?;
    walk.sees("Quản trị của cơ quan in một tờ mã").await?;
    let lines = [
        ("Địa chỉ máy chủ", sheet.address.as_str()),
        ("Mã", &sheet.code),
        ("Khoá máy chủ", &sheet.key),
        ("Tên máy này", NEW_PC),
        ("PIN của anh chị", PIN),
    ];
    for (name, text) in lines {
        walk.tabs_to(name).await?;
        walk.types(text).await?;
    }
    walk.press("Ctrl+Enter").await?;
    walk.finds("nav a[aria-current=page]").await?;
    walk.goes_to("Đồng bộ").await?;
    walk.sees("Đã đồng bộ lúc").await
}

/// The office head reads the last number off the paper register, and gives the book to the new PC.
async fn takes_the_book_over(office: &Office<'_>, walk: &Walk, last: u32) -> anyhow::Result<()> {
    walk.goes_to("Sổ đăng ký").await?;
    walk.sees("Lấy lại sổ của máy hỏng").await?;
    walk.chooses_act("Lấy lại sổ của máy hỏng: Văn bản đến").await?;
    walk.is_at("Số cuối trên sổ giấy").await?;
    walk.types(&last.to_string()).await?;
    walk.tabs_to("Từ nay nơi cấp số").await?;
    walk.picks(NEW_PC).await?;
    walk.tabs_to("Lý do").await?;
    walk.types("Máy VT-01 hỏng, không trở lại").await?;
    walk.tabs_to("Gõ lại số cuối").await?;
    walk.types(&last.to_string()).await?;
    office.shows(walk, "lay-lai-so").await?;
    walk.press("Ctrl+Enter").await?;
    walk.sees("Đã lấy lại Văn bản đến").await
}

async fn enters_again_from_paper(
    office: &Office<'_>,
    walk: &Walk,
    reached: u32,
) -> anyhow::Result<()> {
    walk.goes_to("Sổ đăng ký").await?;
    walk.sees(&format!("số tiếp theo {}.", reached + 3)).await?;
    walk.sees("2 số đã dùng trên giấy, chờ nhập lại.").await?;
    office.shows(walk, "so-cho-nhap-lai").await?;
    for (number, (reference, subject)) in (reached + 1..).zip(ON_PAPER) {
        walk.goes_to("Sổ đăng ký").await?;
        walk.chooses_act("Nhập lại số trên giấy: Văn bản đến").await?;
        walk.sees(&format!("Nhập số {number} năm")).await?;
        office.shows(walk, "so-tren-giay").await?;
        walk.press("Ctrl+Enter").await?;
        fill_the_form(walk, reference, subject).await?;
        let shown = walk.next_number().await?;
        anyhow::ensure!(shown == number.to_string(), "{number} is entered as {shown}");
        office.shows(walk, "nhap-so-tren-giay").await?;
        walk.press("Ctrl+Enter").await?;
        walk.sees(&format!("Đã vào sổ số {number}.")).await?;
    }
    walk.goes_to("Sổ đăng ký").await?;
    walk.sees_no_more("chờ nhập lại").await
}

/// What a PC wrote into its second place before it died goes up from another one.
pub async fn what_a_dead_pc_wrote_elsewhere_is_carried(office: &Office<'_>) -> anyhow::Result<()> {
    let stick = tempfile::tempdir().context("making a stick")?;
    let mirror = stick.path().join("ban-ghi-thu-hai");
    std::fs::create_dir(&mirror).context("making the second place")?;
    let mirror = mirror.to_string_lossy();
    let first = office.sits(FIRST_PC, Seat::Administrator).await?;
    let code = writes_to_a_second_place(&first, &mirror).await?;
    changes_places(&first, CLERK).await?;
    has_met(&first).await?;
    loses_the_line(&first).await?;
    let number = registers(&first, ON_PAPER[0].0, ON_PAPER[0].1).await?.context("it numbers")?;
    has_written_all(&first).await?;
    office.dies(first).await?;

    let second = office.sits(SECOND_PC, Seat::Clerk).await?;
    has_met(&second).await?;
    second.goes_to("Sổ đăng ký").await?;
    second.chooses_act("Đưa việc từ bản ghi thứ hai: Văn bản đến").await?;
    second.is_at("Thư mục của bản ghi thứ hai").await?;
    second.types(&mirror).await?;
    second.tabs_to("Mã khôi phục của máy hỏng").await?;
    second.types("AAAA-BBBB").await?;
    second.press("Ctrl+Enter").await?;
    second.sees("Mã khôi phục không mở được").await?;
    second.press("Ctrl+A").await?;
    second.types(&code).await?;
    office.shows(&second, "ban-ghi-thu-hai").await?;
    second.press("Ctrl+Enter").await?;
    second.finds_no_more("[role=dialog]").await?;
    second.goes_to("Văn bản đến").await?;
    second.goes_to_row(&number.to_string()).await?;
    let row = second.current_row().await?;
    anyhow::ensure!(row.contains(ON_PAPER[0].0), "number {number} is {row}");
    second.goes_to("Đồng bộ").await?;
    second.sees("Không còn việc chờ gửi.").await
}

/// Sets the second place, and writes a new recovery code down; returns the code.
async fn writes_to_a_second_place(walk: &Walk, folder: &str) -> anyhow::Result<String> {
    walk.goes_to("Quản trị").await?;
    walk.tabs_to("Bản sao").await?;
    walk.press("Enter").await?;
    walk.sees("Nơi ghi thứ hai").await?;
    walk.tabs_to("Nơi ghi thứ hai").await?;
    walk.types(folder).await?;
    walk.tabs_to("Lưu").await?;
    walk.press("Enter").await?;
    walk.sees("Đã chọn nơi cất bản sao.").await?;
    walk.tabs_to("Tạo mã khôi phục mới").await?;
    walk.press("Enter").await?;
    walk.is_at("Gõ lại nhóm cuối").await?;
    let groups = walk.all_of("main [aria-label=\"Mã khôi phục\"] span").await?;
    let last = groups.last().context("the code has groups")?;
    walk.types(last).await?;
    walk.press("Enter").await?;
    walk.finds("nav a[aria-current=page]").await?;
    Ok(groups.join("-"))
}

/// The administrator looks whether all is in the second place.
async fn has_written_all(walk: &Rc<Walk>) -> anyhow::Result<()> {
    changes_places(walk, ADMINISTRATOR).await?;
    walk.goes_to("Quản trị").await?;
    walk.tabs_to("Bản sao").await?;
    walk.press("Enter").await?;
    walk.sees("Lần ghi thứ hai gần nhất").await?;
    walk.sees_no_more("việc chờ ghi").await
}
