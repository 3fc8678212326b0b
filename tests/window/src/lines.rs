//! The line to a server, walked by keys: alone, with a server, cut off and back (J6).

use crate::journeys::{fill_the_form, in_both_lights};
use crate::walk::Walk;

/// What the clerk registers while there is no line.
const SUBJECT: &str = "Về việc bảo đảm an toàn hồ đập mùa mưa lũ";

/// An agency on one PC: what a server would bring, and the form for it, by keys.
pub async fn an_administrator_reads_what_a_server_would_bring(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Đồng bộ").await?;
    walk.sees("Cơ quan làm việc trên một máy").await?;
    in_both_lights(walk, "the line of an agency alone").await?;
    walk.tabs_to("Địa chỉ máy chủ").await?;
    walk.types("https://vanthu.hieuson.gov.vn").await?;
    walk.press("Ctrl+Enter").await?;
    walk.sees("Cần mã trên giấy.").await
}

/// A new PC can come to its agency instead of founding one.
pub async fn a_new_pc_may_come_to_its_agency(walk: &Walk) -> anyhow::Result<()> {
    walk.is_at("Tìm xã, phường").await?;
    walk.press("Shift+Tab").await?;
    walk.press("→").await?;
    walk.sees("Quản trị của cơ quan in một tờ mã").await?;
    in_both_lights(walk, "the way into an agency").await?;
    walk.tabs_to("Địa chỉ máy chủ").await?;
    walk.types("https://vanthu.hieuson.gov.vn").await?;
    walk.press("Ctrl+Enter").await?;
    walk.sees("Cần đủ địa chỉ, mã, khoá").await
}

/// J6 at one desk: the line is cut, work goes on, the line is back and all goes up.
pub async fn a_clerk_works_without_a_line(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Đồng bộ").await?;
    walk.sees("Đã đồng bộ lúc").await?;
    in_both_lights(walk, "the line, met").await?;
    registers_with_the_line_cut(walk).await?;
    in_both_lights(walk, "the line, cut").await?;
    walk.tabs_to("Vào sổ số đến").await?;
    walk.press("Enter").await?;
    walk.sees("Trên máy này").await?;
    in_both_lights(walk, "a document that is only here").await?;
    walk.chooses_act("Nối mạng lại").await?;
    walk.sees("Đã tới máy chủ").await?;
    walk.sees("Không còn việc chờ gửi.").await?;
    walk.goes_to("Sổ đăng ký").await?;
    walk.sees("Máy này cấp số cho sổ này").await?;
    in_both_lights(walk, "a book and who gives its numbers").await
}

/// The line is cut and one document is registered; it waits on Đồng bộ.
pub async fn registers_with_the_line_cut(walk: &Walk) -> anyhow::Result<()> {
    walk.chooses_act("Ngắt mạng").await?;
    walk.sees("Đã ngắt mạng từ").await?;
    walk.goes_to("Văn bản đến").await?;
    walk.press("Ctrl+N").await?;
    fill_the_form(walk, "512/CCTL-QLCT", SUBJECT).await?;
    walk.press("Ctrl+Enter").await?;
    walk.sees("Đã vào sổ số").await?;
    walk.goes_to("Đồng bộ").await?;
    walk.sees("Vào sổ số đến").await?;
    walk.sees("1 việc chờ gửi, đã lưu trên máy này.").await
}

/// The PCs of the agency and the printed code for a new one.
pub async fn an_administrator_lets_a_pc_in(walk: &Walk) -> anyhow::Result<()> {
    walk.goes_to("Quản trị").await?;
    walk.tabs_to("Máy của cơ quan").await?;
    walk.press("Enter").await?;
    walk.sees("VT-01").await?;
    in_both_lights(walk, "the PCs").await?;
    walk.tabs_to("Tạo mã").await?;
    walk.press("Enter").await?;
    walk.sees("Mã gia nhập cơ quan").await?;
    in_both_lights(walk, "the code").await
}
