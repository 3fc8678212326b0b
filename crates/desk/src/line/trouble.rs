//! What the server or the line says, in the words of the office.
use contract::{Failure, LineMeeting};
use sync::wire::Trouble;

use crate::faults::{fault, of_store};
use crate::line::caller::CallFault;
use crate::line::talk::TalkFault;
use crate::line::totals::Compared;

const ALL_HERE: &str = "Mọi việc đã làm vẫn lưu trên máy này.";

/// A talk that ended early: in one word, and in a sentence when somebody can do something.
pub(super) fn of_talk(fault: &TalkFault) -> (LineMeeting, Option<Failure>) {
    match fault {
        TalkFault::Call(CallFault::NoLine(_) | CallFault::BrokeOff(_)) => {
            (LineMeeting::NoLine, None)
        }
        TalkFault::Call(CallFault::Said(Trouble::Revoked)) => {
            (LineMeeting::ShutOut, Some(said(&Trouble::Revoked)))
        }
        TalkFault::Call(CallFault::Said(Trouble::Busy { .. } | Trouble::Broken)) => {
            (LineMeeting::NoLine, None)
        }
        TalkFault::Call(call) => (LineMeeting::Trouble, Some(of_call(call))),
        TalkFault::Store(store) => (LineMeeting::Trouble, Some(of_store(store))),
        TalkFault::HeadNotSigned => (LineMeeting::Trouble, Some(other_server())),
        TalkFault::Differs(found) => (LineMeeting::Trouble, Some(differs(*found))),
        TalkFault::NotKnown => (LineMeeting::Trouble, Some(not_known())),
        TalkFault::ActsLost => (LineMeeting::Trouble, Some(acts_lost())),
        TalkFault::Nowhere => (LineMeeting::Trouble, Some(nowhere())),
        TalkFault::Nobody | TalkFault::Stopped => (LineMeeting::Waiting, None),
    }
}

fn other_server() -> Failure {
    fault(
        "other_server",
        "Nơi trả lời không phải máy chủ mà máy này đã gia nhập.",
        "Máy này không nhận gì từ đó, cũng không xoá gì.",
        "Báo quản trị kiểm tra địa chỉ máy chủ.",
    )
}

/// What a comparison with the server's register found, or had found before it was mended.
pub(crate) fn differs(found: Compared) -> Failure {
    let (effect, way) = match found {
        Compared::Same => (
            "Máy này đã đọc lại cả sổ từ máy chủ và nay đã khớp; việc chưa gửi vẫn giữ nguyên.",
            "Nếu điều này lặp lại, báo quản trị chạy kiểm tra ở máy chủ.",
        ),
        Compared::ReadsAgain => (
            "Máy này sẽ đọc lại cả sổ từ máy chủ; việc chưa gửi vẫn giữ nguyên.",
            "Không cần làm gì; cứ làm việc tiếp.",
        ),
        Compared::DiffersStill => (
            "Máy này đã đọc lại cả sổ mà vẫn khác; việc chưa gửi vẫn giữ nguyên.",
            "Báo quản trị chạy kiểm tra ở máy chủ và gửi nhật ký của máy này.",
        ),
    };
    fault("differs", "Sổ trên máy này khác sổ ở máy chủ ở vài chỗ.", effect, way)
}

fn acts_lost() -> Failure {
    fault(
        "acts_lost",
        "Sổ trên máy này là bản cũ; vài việc làm sau đó chưa tới máy chủ nên không còn ở đâu.",
        "Việc làm trên bản này vẫn lưu ở đây và được giữ lại để làm lại.",
        "Xin quản trị một mã rồi gia nhập lại; nhập lại từ sổ giấy, hoặc từ bản ghi thứ hai.",
    )
}

fn nowhere() -> Failure {
    fault(
        "nowhere",
        "Máy này và máy chủ trao đổi nhiều lần mà chưa xong.",
        ALL_HERE,
        "Cứ làm việc tiếp, máy sẽ tự thử lại; còn thấy lời này thì gửi nhật ký cho quản trị.",
    )
}

fn not_known() -> Failure {
    fault(
        "not_known",
        "Máy chủ không còn biết máy này, dù trước đây đã nhận việc của máy.",
        ALL_HERE,
        "Báo quản trị ngay: có thể máy chủ đã bị thay bằng một máy trống.",
    )
}

/// A call that brought nothing.
pub(crate) fn of_call(call: &CallFault) -> Failure {
    match call {
        CallFault::NoLine(_) | CallFault::BrokeOff(_) => fault(
            "no_line",
            "Chưa tới được máy chủ.",
            ALL_HERE,
            "Kiểm tra mạng và địa chỉ máy chủ, rồi làm lại.",
        ),
        CallFault::Said(trouble) => said(trouble),
        CallFault::Strange(what) => {
            tracing::warn!(what, "an answer that is not the server's");
            other_server()
        }
        CallFault::Address => fault(
            "address",
            "Địa chỉ máy chủ không đúng.",
            "Chưa gửi gì đi.",
            "Ghi địa chỉ bắt đầu bằng https:// như trên giấy mã.",
        ),
    }
}

fn said(trouble: &Trouble) -> Failure {
    match trouble {
        Trouble::NoSession
        | Trouble::Revoked
        | Trouble::DeviceFork { .. }
        | Trouble::BadCode
        | Trouble::NotEmpty
        | Trouble::NotFound
        | Trouble::BadSignature
        | Trouble::KnownPc => of_doors(trouble),
        Trouble::OtherEpoch { .. }
        | Trouble::TooOld { .. }
        | Trouble::OtherLog { .. }
        | Trouble::Malformed { .. }
        | Trouble::WrongBytes
        | Trouble::NoRoom
        | Trouble::Busy { .. }
        | Trouble::Broken => of_talks(trouble),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`said` sends only the doors' troubles")]
fn of_doors(trouble: &Trouble) -> Failure {
    match trouble {
        Trouble::NoSession => fault(
            "no_session",
            "Máy chủ chưa nhận ra máy này.",
            ALL_HERE,
            "Khoá máy rồi mở lại bằng mã PIN; nếu vẫn vậy, báo quản trị.",
        ),
        Trouble::Revoked => fault(
            "revoked",
            "Máy này đã bị thu quyền.",
            "Việc đã làm trên máy này được gửi lên cho quản trị xem.",
            "Gặp quản trị của cơ quan.",
        ),
        Trouble::DeviceFork { .. } => fault(
            "device_fork",
            "Sổ trên máy này là bản cũ hoặc bản chép: việc cùng thứ tự đã tới máy chủ trước.",
            "Việc chưa gửi vẫn lưu ở đây và được giữ lại để làm lại.",
            "Thôi cấp số ở máy này. Xin quản trị một mã rồi gia nhập lại như một máy mới.",
        ),
        Trouble::BadCode => fault(
            "bad_code",
            "Mã này không đúng, đã dùng, hoặc đã hết hạn.",
            "Chưa có gì thay đổi.",
            "Xem lại từng nhóm ký tự; nếu vẫn vậy, xin mã mới.",
        ),
        Trouble::NotEmpty => fault(
            "not_empty",
            "Ở máy chủ, cơ quan này đã có sổ.",
            "Chưa có gì thay đổi ở cả hai nơi.",
            "Máy mới gia nhập bằng mã của quản trị, không đưa sổ lên lần nữa.",
        ),
        Trouble::NotFound => fault(
            "not_found",
            "Máy chủ không có điều được hỏi, hoặc anh chị không được xem.",
            "Chưa có gì thay đổi.",
            "Nhờ quản trị kiểm tra quyền.",
        ),
        Trouble::BadSignature => fault(
            "bad_signature",
            "Máy chủ không nhận chữ ký của máy này.",
            ALL_HERE,
            "Khoá máy, mở lại rồi làm lại; nếu vẫn vậy, báo quản trị.",
        ),
        Trouble::KnownPc => fault(
            "known_pc",
            "Máy chủ đã biết máy này.",
            "Chưa có gì thay đổi.",
            "Người đang dùng máy này đặt mã PIN cho anh chị ở màn Quản trị.",
        ),
        _ => busy(),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`said` sends only the talks' troubles")]
fn of_talks(trouble: &Trouble) -> Failure {
    match trouble {
        Trouble::OtherEpoch { .. } => fault(
            "other_epoch",
            "Máy chủ vừa được dựng lại từ bản sao.",
            ALL_HERE,
            "Cứ làm tiếp; máy này tự đưa lại những gì máy chủ thiếu.",
        ),
        Trouble::TooOld { min_app } => fault(
            "too_old",
            &format!("Bản Văn Thư trên máy này cũ hơn bản {min_app} mà máy chủ cần."),
            "Việc làm trên máy này vẫn được gửi lên; việc của máy khác chưa nhận về được.",
            "Cài bản Văn Thư mới.",
        ),
        Trouble::OtherLog { .. } => fault(
            "other_log",
            "Sổ ở máy chủ không nối tiếp sổ mà máy này đã nhận.",
            "Máy này giữ nguyên những gì đã có, không nhận thêm.",
            "Báo quản trị ngay: có thể sổ ở máy chủ đã bị sửa hoặc bị thay.",
        ),
        Trouble::Malformed { what } => {
            tracing::error!(what, "the server did not understand");
            fault(
                "malformed",
                "Máy chủ không đọc được lời của máy này.",
                ALL_HERE,
                "Cài bản Văn Thư mới; nếu vẫn vậy, gửi nhật ký cho quản trị.",
            )
        }
        Trouble::WrongBytes => fault(
            "wrong_bytes",
            "Một tệp tới máy chủ không còn nguyên vẹn nên chưa được nhận.",
            "Tệp gốc vẫn ở trên máy này.",
            "Không cần làm gì; máy này tự gửi lại.",
        ),
        Trouble::NoRoom => fault(
            "no_room",
            "Máy chủ chưa còn chỗ cho tệp mới của cơ quan.",
            "Tệp vẫn ở trên máy này, văn bản vẫn được gửi.",
            "Báo quản trị máy chủ; máy này tự gửi lại sau.",
        ),
        _ => busy(),
    }
}

fn busy() -> Failure {
    fault(
        "busy",
        "Máy chủ đang bận.",
        ALL_HERE,
        "Không cần làm gì; máy này tự gửi lại sau ít phút.",
    )
}
