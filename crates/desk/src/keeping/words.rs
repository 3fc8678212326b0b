//! What the rules say of the directory, in the words of the office.
use contract::Failure;
use register::{ListedField, Unlisted};

use crate::words::{at_field, date, failure};

/// What is safe where nothing was signed or written.
const NOTHING_STATED: &str = "Danh bạ chưa đổi gì; chữ đã gõ vẫn còn.";

fn field(field: ListedField) -> (&'static str, &'static str) {
    match field {
        ListedField::Name => ("tên", "name"),
        ListedField::Code => ("mã định danh", "code"),
        ListedField::CodesBefore => ("mã trước đây", "code"),
        ListedField::Unit => ("số đơn vị hành chính", "unit"),
        ListedField::Parent => ("cơ quan cấp trên", "parent"),
        ListedField::To => ("ngày kết thúc", "ended"),
        ListedField::Heirs => ("cơ quan kế thừa", "heirs"),
    }
}

/// The sentence of a refusal.
pub(super) fn unlisted(no: &Unlisted) -> Failure {
    let said = match no {
        Unlisted::NotAKeeper
        | Unlisted::NotAdministrator
        | Unlisted::NotSigned
        | Unlisted::Malformed
        | Unlisted::Meanwhile { .. } => of_people(no),
        Unlisted::NoName
        | Unlisted::TooLong { .. }
        | Unlisted::NotACode
        | Unlisted::NotAUnit
        | Unlisted::CodeHeld { .. }
        | Unlisted::StatesItself { .. } => of_names(no),
        Unlisted::EndsBeforeBeginning { .. }
        | Unlisted::HeirsWithoutEnd
        | Unlisted::OwnHeir
        | Unlisted::HeirUnknown
        | Unlisted::HeirsInCircle { .. } => of_ends(no),
    };
    Failure { code: no.code().to_owned(), safe: NOTHING_STATED.to_owned(), ..said }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`unlisted` sends only those of people")]
fn of_people(no: &Unlisted) -> Failure {
    let said = |what: &str, todo: &str| failure("refused", what, todo);
    match no {
        Unlisted::NotAKeeper => said(
            "Cơ quan này không được giao giữ danh bạ.",
            "Báo cơ quan giữ danh bạ sửa giúp, hoặc nhờ người vận hành máy chủ giao.",
        ),
        Unlisted::NotAdministrator => {
            said("Danh bạ do quản trị của cơ quan giữ danh bạ sửa.", "Báo quản trị của cơ quan.")
        }
        Unlisted::NotSigned => said(
            "Máy chủ không nhận chữ ký của lần ghi này.",
            "Ghi lại; nếu vẫn vậy, báo người vận hành máy chủ.",
        ),
        Unlisted::Meanwhile { by: Some(by) } => said(
            &format!("{by} đã sửa cơ quan này trong lúc anh chị đang mở."),
            "Lấy bản mới: những ô anh chị đã sửa được đặt lên bản mới, xem lại rồi ghi.",
        ),
        Unlisted::Meanwhile { by: None } => said(
            "Cơ quan này đã được sửa trong lúc anh chị đang mở.",
            "Lấy bản mới: những ô anh chị đã sửa được đặt lên bản mới, xem lại rồi ghi.",
        ),
        _ => said("Lần ghi này không đúng dạng.", "Mở lại cơ quan trong danh bạ rồi ghi lại."),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`unlisted` sends only those of names")]
fn of_names(no: &Unlisted) -> Failure {
    match no {
        Unlisted::NoName => at_field("name", "Cơ quan cần một tên.", "Ghi tên đầy đủ."),
        Unlisted::TooLong { field: place, max } => {
            let (word, name) = field(*place);
            at_field(name, format!("Ô {word} quá dài: nhiều nhất {max}."), "Rút gọn.")
        }
        Unlisted::NotAUnit => at_field(
            "unit",
            "Số đơn vị hành chính có 2 chữ số (tỉnh), 5 chữ số (xã), hoặc 3 (huyện trước đây).",
            "Xem lại số trong danh mục đơn vị hành chính, hoặc để trống.",
        ),
        Unlisted::CodeHeld { by } => at_field(
            "code",
            format!("Mã này đang là của {by}."),
            "Xem lại mã; nếu cơ quan kia đã kết thúc, ghi ngày kết thúc ở đó trước.",
        ),
        Unlisted::StatesItself { field: place } => {
            let (word, name) = field(*place);
            at_field(
                name,
                format!("Cơ quan này ở trên máy chủ nên tự ghi {word} của mình."),
                "Báo cơ quan ấy sửa ở Quản trị, phần Cơ quan; các ô khác thì sửa được ở đây.",
            )
        }
        _ => at_field(
            "code",
            "Mã định danh chỉ có chữ cái không dấu, chữ số và dấu chấm, ví dụ H50.12.07.",
            "Xem lại mã theo quyết định cấp mã, hoặc để trống.",
        ),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`unlisted` sends only those of ends")]
fn of_ends(no: &Unlisted) -> Failure {
    match no {
        Unlisted::EndsBeforeBeginning { from } => at_field(
            "ended",
            format!("Ngày kết thúc trước ngày bắt đầu {}.", date(*from)),
            "Xem lại ngày trong quyết định.",
        ),
        Unlisted::HeirsWithoutEnd => at_field(
            "heirs",
            "Chỉ cơ quan đã kết thúc mới có cơ quan kế thừa.",
            "Ghi ngày kết thúc, hoặc bỏ các cơ quan kế thừa.",
        ),
        Unlisted::OwnHeir => at_field(
            "heirs",
            "Cơ quan không thể kế thừa chính mình.",
            "Bỏ cơ quan này khỏi danh sách kế thừa.",
        ),
        Unlisted::HeirsInCircle { through } => at_field(
            "heirs",
            format!("Kế thừa đi vòng: {through} lại dẫn về chính cơ quan này."),
            "Chọn cơ quan kế thừa khác, hoặc sửa bên kia trước.",
        ),
        _ => at_field(
            "heirs",
            "Có cơ quan kế thừa chưa có trong danh bạ.",
            "Thêm cơ quan ấy vào danh bạ trước, rồi chọn lại.",
        ),
    }
}

/// As much waits as may.
pub(super) fn too_many() -> Failure {
    Failure {
        safe: NOTHING_STATED.to_owned(),
        ..failure(
            "too_many",
            "Đã có quá nhiều lần ghi chờ máy chủ.",
            "Chờ có đường truyền để gửi bớt, hoặc xem lại những lần bị từ chối.",
        )
    }
}

/// What waits, or stands already, is not let go.
pub(super) fn not_refused() -> Failure {
    Failure {
        safe: NOTHING_STATED.to_owned(),
        ..failure(
            "not_refused",
            "Chỉ bỏ được lần ghi đã bị máy chủ từ chối.",
            "Lần ghi đang chờ sẽ được gửi; sau đó có thể sửa lại.",
        )
    }
}
