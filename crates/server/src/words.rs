//! What the operator reads, in Vietnamese.
use register::{Device, Key};
use server::{AtAGlance, Flaw, Verified};

/// One task that did not work.
pub fn broke(fault: &anyhow::Error) -> String {
    format!("Không làm được: {fault:#}.")
}

/// One agency at a glance.
pub fn glance(at: &AtAGlance) -> String {
    let name = at.name.as_deref().unwrap_or("(chưa gửi gì lên)");
    let mut text = format!("{name}\n  mã {}, {} mục trong nhật ký", at.org, at.head);
    if at.epoch > 1 {
        text.push_str(&format!(", đã khôi phục {} lần", at.epoch - 1));
    }
    for device in &at.devices {
        text.push_str(&format!("\n  máy {}", device_line(device)));
    }
    text
}

fn device_line(device: &Device) -> String {
    let standing = if device.revoked.is_some() {
        ", đã thu hồi"
    } else if device.retired.is_some() {
        ", đã báo hỏng"
    } else {
        ""
    };
    format!("{}: {} người ký{standing}", device.name, device.keys.len())
}

/// What a whole look at one agency found.
pub fn verified(found: &Verified) -> String {
    let Verified { org, entries, states, numbers, flaws } = found;
    let mut text =
        format!("{org}: {entries} mục, {states} trạng thái, {numbers} số đã đối chiếu. ");
    if flaws.is_empty() {
        text.push_str("Mọi thứ đều khớp.");
        return text;
    }
    text.push_str(&format!("Có {} chỗ sai:", flaws.len()));
    for flaw in flaws {
        text.push_str("\n  ");
        text.push_str(&said(flaw));
    }
    text
}

fn said(flaw: &Flaw) -> String {
    match flaw {
        Flaw::Missing { seq } => format!("Thiếu mục {seq} trong nhật ký."),
        Flaw::Chain { seq } => format!("Mục {seq} đã bị sửa sau khi ghi: chuỗi không khớp."),
        Flaw::Columns { seq } => format!("Mục {seq} không nói đúng như bản đã ký."),
        Flaw::Signature { seq } => format!("Chữ ký của mục {seq} không phải của người ghi."),
        Flaw::Verdict { seq } => {
            format!("Xét lại mục {seq} thì kết quả khác với kết quả đã ghi.")
        }
        Flaw::End { says } => format!("Nhật ký không kết thúc ở mục {says} như đã ghi."),
        Flaw::State { key } => format!("{} không khớp với nhật ký.", thing(key)),
        Flaw::Key { dev, officer } => {
            format!("Khoá của người {officer} trên máy {dev} không có trong nhật ký.")
        }
        Flaw::Number { book, year, number } => {
            format!("Số {number} năm {year} của sổ {book} thiếu, thừa hoặc tra không ra.")
        }
    }
}

fn thing(key: &Key) -> String {
    match key {
        Key::Agency(id) => format!("Cơ quan {id}"),
        Key::Unit(id) => format!("Đơn vị {id}"),
        Key::Officer(id) => format!("Người {id}"),
        Key::Book(id) => format!("Sổ {id}"),
        Key::Incoming(id) => format!("Văn bản đến {id}"),
        Key::Outgoing(id) => format!("Văn bản đi {id}"),
        Key::Task(id) => format!("Việc {id}"),
        Key::Year(year) => format!("Lịch năm {year}"),
        Key::Device(id) => format!("Máy {id}"),
    }
}
