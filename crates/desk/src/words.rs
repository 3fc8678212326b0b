//! Sentences: every refusal of the rules and every fault of this PC, in the words of the office.
//!
//! Three parts, always in this order: what happened, what is safe, what to do.
use contract::Failure;
use jiff::civil::Date;
use register::{Holder, Key, Refusal, Role, Where};

/// Nothing was changed: what most refusals can say is safe.
pub const NOTHING_CHANGED: &str = "Chưa có gì thay đổi trong sổ; chữ đã gõ vẫn còn.";

/// Builds a failure.
pub fn failure(code: &str, what: impl Into<String>, todo: impl Into<String>) -> Failure {
    Failure {
        code: code.to_owned(),
        what: what.into(),
        safe: NOTHING_CHANGED.to_owned(),
        todo: todo.into(),
        field: None,
    }
}

/// A failure beside a field of the form.
pub fn at_field(field: &str, what: impl Into<String>, todo: impl Into<String>) -> Failure {
    Failure { field: Some(field.to_owned()), ..failure("field", what, todo) }
}

/// A date as officials write it: `18/11/2026`.
pub fn date(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Clerk => "văn thư",
        Role::Leader => "lãnh đạo",
        Role::OfficeHead => "chánh văn phòng",
        Role::UnitHead => "trưởng phòng",
        Role::Official => "người được giao",
        Role::Administrator => "quản trị",
    }
}

/// The name of a field as it stands on the form, and its name in the contract.
pub fn field(place: Where) -> (&'static str, &'static str) {
    match place {
        Where::Number => ("số", "number"),
        Where::Symbol => ("ký hiệu", "symbol"),
        Where::IssuedOn => ("ngày văn bản", "issued_on"),
        Where::ArrivedOn => ("ngày đến", "arrived_on"),
        Where::Issuer => ("cơ quan ban hành", "issuer"),
        Where::Kind => ("tên loại", "kind"),
        Where::Subject => ("trích yếu", "subject"),
        Where::Signer => ("người ký", "signer"),
        Where::SignerPosition => ("chức vụ người ký", "signer_position"),
        Where::ToPlaces => ("nơi nhận", "to_places"),
        Where::Due => ("hạn trả lời", "due"),
        Where::Pages => ("số trang", "pages"),
        Where::Copies => ("số bản", "copies"),
        Where::Language => ("ngôn ngữ", "language"),
        Where::CaseFile => ("hồ sơ", "case_file"),
        Where::Note => ("ghi chú", "note"),
        Where::Recipients => ("nơi nhận", "recipients"),
        Where::Keeper => ("nơi lưu", "keeper"),
        Where::Text => ("nội dung ý kiến", "text"),
        Where::Content => ("nội dung việc", "content"),
        Where::Reason => ("lý do", "reason"),
        Where::Lead => ("chủ trì", "lead"),
        Where::Co => ("phối hợp", "co"),
        Where::Information => ("để biết", "information"),
        Where::Deadline => ("hạn xử lý", "deadline"),
        Where::Percent => ("tiến độ", "percent"),
        Where::Attachments => ("tệp đính kèm", "attachments"),
        Where::Name => ("tên", "name"),
        Where::Abbreviation => ("chữ viết tắt", "abbreviation"),
        Where::Code => ("mã định danh", "code"),
        Where::Unit => ("đơn vị", "unit"),
        Where::Roles => ("vai trò", "roles"),
        Where::Date => ("ngày", "date"),
        Where::How => ("cách gửi", "how"),
        Where::Product => ("sản phẩm", "product"),
        Where::Slip => ("mã phiếu", "slip"),
    }
}

fn thing(key: Key) -> &'static str {
    match key {
        Key::Agency(_) => "cơ quan",
        Key::Unit(_) => "đơn vị",
        Key::Officer(_) => "cán bộ",
        Key::Book(_) => "sổ",
        Key::Incoming(_) | Key::Outgoing(_) => "văn bản",
        Key::Task(_) => "việc",
        Key::Year(_) => "lịch năm",
        Key::Device(_) => "máy",
        Key::Parcel(_) => "lượt gửi",
        Key::Arrival(_) => "văn bản gửi đến",
    }
}

/// The sentence of a refusal.
pub fn refusal(refusal: &Refusal) -> Failure {
    let mut said = match refusal {
        Refusal::Forbidden { .. }
        | Refusal::NotActive
        | Refusal::Unknown { .. }
        | Refusal::Exists { .. }
        | Refusal::Malformed
        | Refusal::LastAdministrator
        | Refusal::DeviceRevoked
        | Refusal::FoundedAlready => of_people(refusal),
        Refusal::Secret
        | Refusal::Missing { .. }
        | Refusal::TooLong { .. }
        | Refusal::NotAllowed { .. }
        | Refusal::IssuedAfterArrival { .. }
        | Refusal::DeadlinePast { .. }
        | Refusal::ChangedMeanwhile { .. } => of_fields(refusal),
        Refusal::WrongBook { .. }
        | Refusal::NotHolder { .. }
        | Refusal::NotNext { .. }
        | Refusal::NumberTaken { .. }
        | Refusal::ReferenceTaken { .. }
        | Refusal::DateBeforeLast { .. }
        | Refusal::DateInFuture { .. }
        | Refusal::WrongYear
        | Refusal::YearOver { .. }
        | Refusal::NumberHeld
        | Refusal::NotConfirmed
        | Refusal::BadRange => of_numbers(refusal),
        Refusal::Voided
        | Refusal::HasNumber
        | Refusal::NoNumber
        | Refusal::SeenAlready
        | Refusal::WrongStage
        | Refusal::Done
        | Refusal::ReportWaits
        | Refusal::ExtensionWaits
        | Refusal::NeedsFailed { .. }
        | Refusal::Recalled
        | Refusal::NothingWaits => of_stages(refusal),
    };
    said.code = refusal.code().to_owned();
    said
}

fn plain(what: impl Into<String>, todo: impl Into<String>) -> Failure {
    failure("refused", what, todo)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`refusal` sends only the people's refusals")]
fn of_people(refusal: &Refusal) -> Failure {
    match refusal {
        Refusal::Forbidden { needs } => plain(
            format!("Việc này do {} làm.", role(*needs)),
            "Trình hoặc chuyển cho người có trách nhiệm.",
        ),
        Refusal::NotActive => plain(
            "Cán bộ hoặc đơn vị này không còn làm việc ở cơ quan.",
            "Chọn người hoặc đơn vị khác.",
        ),
        Refusal::Unknown { what } => {
            plain(format!("Không thấy {} này trên máy.", thing(*what)), "Về danh sách rồi mở lại.")
        }
        Refusal::Exists { what } => plain(
            format!("Đã có {} này rồi.", thing(*what)),
            "Về danh sách để xem; không cần làm lại.",
        ),
        Refusal::LastAdministrator => plain(
            "Không thể tự bỏ vai trò quản trị của mình.",
            "Giao vai trò quản trị cho người khác trước, rồi nhờ người đó đổi.",
        ),
        Refusal::DeviceRevoked => plain(
            "Máy này đã bị thu quyền trước khi việc này tới máy chủ.",
            "Báo quản trị: việc đã làm vẫn còn, quản trị xem và quyết định.",
        ),
        Refusal::FoundedAlready => {
            plain("Cơ quan đã được lập trên máy này.", "Mở khoá bằng mã PIN để vào.")
        }
        _ => plain("Yêu cầu này không đúng dạng.", "Mở lại màn hình rồi làm lại."),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`refusal` sends only the fields' refusals")]
fn of_fields(refusal: &Refusal) -> Failure {
    match refusal {
        Refusal::Secret => Failure {
            safe: "Máy này không lưu nội dung và không giữ tệp.".to_owned(),
            ..plain(
                "Trang có dấu chỉ mức độ mật. Văn bản mật không được vào sổ trên máy này.",
                "Vào sổ giấy đăng ký văn bản mật, giao cho người được phép.",
            )
        },
        Refusal::Missing { field: place } => {
            let (word, name) = field(*place);
            at_field(name, format!("Cần {word} để làm việc này."), format!("Nhập {word}."))
        }
        Refusal::TooLong { field: place, max } => {
            let (word, name) = field(*place);
            at_field(
                name,
                format!("Ô {word} quá dài: nhiều nhất {max}."),
                "Rút gọn, phần còn lại để trong tệp đính kèm.",
            )
        }
        Refusal::NotAllowed { field: place } => {
            let (word, name) = field(*place);
            at_field(name, format!("Không dùng được giá trị ở ô {word}."), format!("Sửa ô {word}."))
        }
        Refusal::IssuedAfterArrival { arrived } => at_field(
            "issued_on",
            format!("Ngày văn bản sau ngày đến {}.", date(*arrived)),
            "Xem lại ngày trên trang 1.",
        ),
        Refusal::DeadlinePast { today } => at_field(
            "deadline",
            format!("Hạn đã qua: hôm nay là {}.", date(*today)),
            "Chọn ngày từ hôm nay trở đi.",
        ),
        Refusal::ChangedMeanwhile { field: place } => {
            let (word, name) = field(*place);
            at_field(
                name,
                format!("Ô {word} đã được người khác sửa trong lúc anh chị đang mở."),
                "Xem giá trị mới rồi sửa lại nếu cần.",
            )
        }
        _ => plain("Có ô chưa đúng.", "Xem lại các ô."),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`refusal` sends only the numbers' refusals")]
fn of_numbers(refusal: &Refusal) -> Failure {
    match refusal {
        Refusal::WrongBook { .. } => {
            plain("Sổ này không nhận loại văn bản này, hoặc đã đóng.", "Chọn sổ khác.")
        }
        Refusal::NotHolder { holder, .. } => match holder {
            Holder::Server => plain(
                "Chưa máy nào giữ quyền cấp số của sổ này.",
                "Nhận quyền cấp số cho máy này ở màn hình Sổ đăng ký, hoặc để chờ cấp số.",
            ),
            Holder::Device(_) => plain(
                "Máy khác đang giữ quyền cấp số của sổ này.",
                "Cứ vào sổ ở dạng chờ cấp số; máy giữ sổ sẽ cấp số.",
            ),
            Holder::Frozen => plain(
                "Sổ đang tạm dừng cấp số vì vừa khôi phục từ bản sao.",
                "Chánh văn phòng cho biết số cuối cùng trên giấy rồi mở lại sổ.",
            ),
        },
        Refusal::NotNext { next } => plain(
            format!("Số tiếp theo của sổ là {next}."),
            "Làm lại: văn bản sẽ lấy số tiếp theo.",
        ),
        Refusal::NumberHeld => plain(
            "Số đã đóng trên giấy của văn bản này đang trùng, chờ người quyết định.",
            "Mở Cần xem lại để chọn: thêm chữ sau số, huỷ, hoặc cấp số khác.",
        ),
        Refusal::NotConfirmed => plain(
            "Việc lấy lại quyền cấp số này cần người thứ hai xác nhận số cuối trên giấy.",
            "Nhờ lãnh đạo hoặc chánh văn phòng xác nhận đúng số đó, rồi làm lại.",
        ),
        Refusal::NumberTaken { .. } => {
            plain("Số này đã cấp cho văn bản khác.", "Mở sổ để xem văn bản mang số này.")
        }
        Refusal::ReferenceTaken { reference, .. } => at_field(
            "symbol",
            format!("Trong năm đã có văn bản {reference}."),
            "Xem lại ký hiệu: số và ký hiệu là duy nhất trong năm.",
        ),
        Refusal::DateBeforeLast { last } => at_field(
            "arrived_on",
            format!("Ngày này trước ngày {} của số đã cấp gần nhất.", date(*last)),
            format!("Ghi từ ngày {} trở đi: số và ngày đi cùng thứ tự.", date(*last)),
        ),
        Refusal::DateInFuture { today } => at_field(
            "arrived_on",
            format!("Ngày này sau hôm nay {}.", date(*today)),
            "Xem lại ngày, và đồng hồ của máy.",
        ),
        Refusal::WrongYear => {
            at_field("date", "Ngày không thuộc năm của sổ.", "Ghi ngày trong năm của sổ.")
        }
        Refusal::YearOver { later } => plain(
            format!("Sổ đã sang năm {later}; không cấp thêm số của năm trước."),
            format!("Ghi ngày trong năm {later}."),
        ),
        _ => plain(
            "Khoảng số này không dùng được.",
            "Ghi lại: khoảng số nối tiếp số cuối của sổ, nhiều nhất 200 số.",
        ),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`refusal` sends only the stages' refusals")]
fn of_stages(refusal: &Refusal) -> Failure {
    match refusal {
        Refusal::NeedsFailed { .. } => plain(
            "Việc này dựa trên một việc chưa được nhận.",
            "Xem việc trước đó trong danh sách Việc chưa được nhận, làm lại từ đó.",
        ),
        Refusal::Recalled => plain(
            "Văn bản này đã được nơi ban hành thu hồi.",
            "Số và dòng trong sổ vẫn giữ; không làm thêm gì với nội dung.",
        ),
        Refusal::Voided => plain("Số của văn bản này đã huỷ.", "Dòng trong sổ vẫn giữ, kèm lý do."),
        Refusal::HasNumber => plain("Văn bản này đã có số.", "Mở lại để xem số đã cấp."),
        Refusal::NoNumber => plain("Văn bản này chưa có số.", "Cấp số trước."),
        Refusal::SeenAlready => plain(
            "Đã có người xem, nên không hoàn tác được nữa.",
            "Thu hồi, kèm lý do; lịch sử giữ cả hai.",
        ),
        Refusal::WrongStage => plain(
            "Lúc này chưa làm được việc đó với văn bản hoặc việc này.",
            "Mở lại để xem tình trạng.",
        ),
        Refusal::Done => plain("Việc này đã xong hoặc đã thu hồi.", "Mở lại để xem tình trạng."),
        Refusal::ReportWaits => plain(
            "Báo cáo kết quả đang chờ duyệt.",
            "Chờ người giao trả lời, hoặc rút báo cáo lại.",
        ),
        Refusal::ExtensionWaits => {
            plain("Đề nghị gia hạn trước đang chờ trả lời.", "Chờ người giao trả lời.")
        }
        _ => plain("Không còn gì chờ trả lời ở đây.", "Mở lại để xem tình trạng."),
    }
}
