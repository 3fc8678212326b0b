//! What the operator reads, in Vietnamese.
use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use register::{AgencyId, Device, Key, Listed, Moment};
use server::{
    AtAGlance, CopyFault, FilesMoved, Flaw, Manifest, MoveFault, Moved, NoBucket, NoCredentials,
    NotARelease, OnStick, PeerAtAGlance, ReleaseAtAGlance, Restored, StatementsVerified,
    StickFault, StorageFault, Unpacked, Verified, Waits,
};
use sync::release::{ReleaseFault, Version};
use sync::wire::Stated;

/// One task that did not work.
pub fn broke(fault: &anyhow::Error) -> String {
    format!("Không làm được: {fault:#}.")
}

/// One agency at a glance.
pub fn glance(at: &AtAGlance) -> String {
    let name = at.name.as_deref().unwrap_or("(chưa gửi gì lên)");
    let mut text = format!("{name}\n  mã {}, {} mục trong nhật ký", at.org, at.head);
    if at.epoch > 1 {
        text.push_str(", đã khôi phục từ bản sao");
    }
    for device in &at.devices {
        text.push_str(&format!("\n  máy {}", device_line(device)));
    }
    text
}

/// Another server at a glance, with what waits for it and since when.
pub fn peer(at: &PeerAtAGlance, now: Moment) -> String {
    let PeerAtAGlance { peer, agencies, claims, waits } = at;
    let way =
        if peer.address.is_empty() { "chỉ bằng thẻ nhớ" } else { peer.address.as_str() };
    let mut text = format!("Máy chủ “{}” ({way})\n  khoá {}", peer.name, peer.key);
    let last = peer.last.map_or("chưa từng liên lạc".to_owned(), |last| {
        format!("liên lạc lần cuối {}", how_long(last, now))
    });
    text.push_str(&format!("\n  {agencies} cơ quan, {last}"));
    match waits {
        Some(Waits { count, since, .. }) => {
            let since = how_long(*since, now);
            text.push_str(&format!("\n  {count} mục đang chờ, lâu nhất từ {since}"));
        }
        None => text.push_str("\n  không có gì đang chờ"),
    }
    for org in claims {
        text.push_str(&format!(
            "\n  cũng nói là có cơ quan {org}, đang được coi là ở nơi khác (xem `peer home`)"
        ));
    }
    text
}

/// A file that was written for another server.
pub fn on_stick(on: &OnStick, file: &Path) -> String {
    let OnStick { posts, files, left } = on;
    let mut text = format!("Đã ghi {posts} mục và {files} tệp văn bản vào {}.", file.display());
    if *left > 0 {
        text.push_str(&format!(
            " Còn {left} mục chưa ghi được vì tệp văn bản chưa đủ hoặc hết chỗ; lần sau ghi tiếp."
        ));
    }
    text.push_str(
        "\nMọi thứ vẫn còn ở máy chủ này cho đến khi tệp trả lời được mang về; nhận hai lần cũng \
         không sao.",
    );
    text
}

/// A file of another server that was taken in.
pub fn unpacked(read: &Unpacked) -> String {
    let Unpacked { from, entered, refused, settled, answer } = read;
    let mut text = format!("Đã nhận tệp của máy chủ “{from}”: {entered} mục đã vào nhật ký.");
    if *refused > 0 {
        text.push_str(&format!(
            " {refused} mục chưa nhận được và vẫn còn ở máy chủ ấy; lý do ở trong tệp trả lời."
        ));
    }
    if *settled > 0 {
        text.push_str(&format!(" {settled} mục gửi đi trước đây đã được nơi nhận báo là có."));
    }
    match answer {
        Some((path, on)) => text.push_str(&format!(
            "\nHãy mang tệp trả lời {} về máy chủ ấy; trong đó có cả {} mục gửi theo chiều về.",
            path.display(),
            on.posts
        )),
        None => text.push_str("\nKhông cần mang gì về."),
    }
    text
}

/// Why a file was refused, where a person can do something about it.
pub fn not_carried(fault: &StickFault) -> Option<String> {
    match fault {
        StickFault::Broken => Some(
            "tệp bị hỏng hoặc đã bị sửa, nên chưa nhận gì. Hãy chép lại, hoặc ghi lại ở máy chủ \
             gửi; ở đó vẫn còn đủ"
                .into(),
        ),
        StickFault::NotForUs => Some(
            "tệp này gửi cho máy chủ khác, nên chưa nhận gì. Hãy mang đến đúng máy chủ nhận".into(),
        ),
        StickFault::TooLarge => {
            Some("tệp lớn quá mức cho phép, nên chưa nhận gì. Hãy ghi lại ở máy chủ gửi".into())
        }
        StickFault::Stranger(key) => Some(format!(
            "tệp của một máy chủ chưa được ghi ở đây (khoá {key}), nên chưa nhận gì. Nếu đúng là \
             máy chủ cần trao đổi, hãy chạy `peer add` trước"
        )),
        StickFault::NoRoom => Some(
            "không còn chỗ cho tệp văn bản; những gì đã nhận vẫn giữ. Hãy dọn chỗ rồi nhận lại \
             đúng tệp này"
                .into(),
        ),
        StickFault::Disk(_)
        | StickFault::Randomness
        | StickFault::File(_)
        | StickFault::Ledger(_) => None,
    }
}

/// How long ago, as a person says it.
fn how_long(then: Moment, now: Moment) -> String {
    let minutes = now.0.saturating_sub(then.0).max(0) / 60_000;
    match minutes {
        0 => "vừa xong".to_owned(),
        1..60 => format!("{minutes} phút trước"),
        60..2_880 => format!("{} giờ trước", minutes / 60),
        _ => format!("{} ngày trước", minutes / 1_440),
    }
}

/// One agency in one line.
pub fn in_list(at: &AtAGlance) -> String {
    let name = at.name.as_deref().unwrap_or("(chưa gửi gì lên)");
    format!("{}  {name}", at.org)
}

/// A copy that was made.
pub fn copied(made: &Manifest, to: &Path) -> String {
    let entries: u64 = made.agencies.iter().map(|agency| agency.head).sum();
    let (agencies, to) = (made.agencies.len(), to.display());
    if made.bucket.is_some() {
        return format!(
            "Đã sao lưu {agencies} cơ quan và {entries} mục nhật ký vào {to}. Bản sao đã được kiểm \
             tra. Tệp của văn bản ở kho S3, không nằm trong bản sao này: hãy bật lưu phiên bản \
             (versioning) của kho để giữ được tệp bị xoá nhầm."
        );
    }
    format!(
        "Đã sao lưu {agencies} cơ quan, {entries} mục nhật ký và {} tệp vào {to}. Bản sao đã được \
         kiểm tra.",
        made.blobs,
    )
}

/// Why a text is no address of an object store. The text is not said again: a key may stand in it.
pub fn no_bucket(fault: &NoBucket) -> String {
    let form = "s3://KHO/TIỀN-TỐ?endpoint=URL&region=VÙNG";
    match fault {
        NoBucket::Form => format!("đây không phải là địa chỉ kho tệp S3 (dạng {form})"),
        NoBucket::Option { name } => format!("địa chỉ kho tệp không có mục “{name}” (dạng {form})"),
        NoBucket::Key => "khoá của kho không được nằm trong địa chỉ: hãy đặt AWS_ACCESS_KEY_ID và \
             AWS_SECRET_ACCESS_KEY, hoặc tệp blobs.credentials"
            .into(),
        NoBucket::InTheClear => {
            "kho tệp ở máy khác phải dùng https; http chỉ dùng được với kho trên chính máy này"
                .into()
        }
    }
}

/// Why the files of a server cannot be had, and what the operator can do; with the fault under it.
#[expect(clippy::wildcard_enum_match_arm, reason = "only the faults of the place of files")]
pub fn no_files(fault: StorageFault) -> anyhow::Error {
    let text = match &fault {
        StorageFault::BucketAway { .. } => {
            "kho tệp S3 không trả lời; không có gì bị mất, hãy xem kho và đường mạng rồi chạy lại"
                .into()
        }
        StorageFault::Bucket { .. } => {
            "kho tệp S3 từ chối: hãy xem tên kho, vùng, khoá và quyền của khoá (đọc, ghi, liệt kê, \
             xoá)"
                .into()
        }
        StorageFault::BucketAddress { source } => {
            format!("tệp blobs.address: {}", no_bucket(source))
        }
        StorageFault::Credentials { source: NoCredentials::Missing { path } } => format!(
            "chưa có khoá của kho tệp S3: hãy đặt AWS_ACCESS_KEY_ID và AWS_SECRET_ACCESS_KEY, hoặc \
             ghi hai dòng ấy vào tệp {} mà chỉ chủ của nó đọc được",
            path.display()
        ),
        StorageFault::Credentials { source: NoCredentials::OpenToOthers { path } } => {
            format!("người khác cũng đọc được {0}: hãy chạy `chmod 600 {0}`", path.display())
        }
        StorageFault::Credentials { source: NoCredentials::Form { path } } => format!(
            "tệp {} thiếu dòng AWS_ACCESS_KEY_ID=… hoặc AWS_SECRET_ACCESS_KEY=…",
            path.display()
        ),
        _ => return fault.into(),
    };
    anyhow::Error::new(fault).context(text)
}

/// The files of an agency in their new place.
pub fn files_moved(org: AgencyId, moved: &FilesMoved) -> String {
    let FilesMoved { files, shared, damaged } = moved;
    let mut text = format!("{org}: {files} tệp đã ở kho S3, trong đó {shared} tệp dùng chung.");
    for blob in damaged {
        text.push_str(&format!("\n  Tệp {} đã hỏng trên đĩa, chưa chuyển.", blob.hex()));
    }
    text
}

/// A server that came out of a copy, and what is to be done now.
pub fn restored(made: &Restored, dir: &Path) -> String {
    let mut text = format!(
        "Đã khôi phục máy chủ ở {}. Bản sao đã được kiểm tra trước khi dùng.",
        dir.display()
    );
    for (org, (_, books)) in &made.agencies {
        text.push_str(&format!("\n  {org}: {books} sổ tạm dừng cấp số."));
    }
    text.push_str(
        "\nViệc cần làm tiếp:\n  \
         1. Chạy máy chủ, chờ mọi máy của cơ quan nối lại và gửi những gì đã có.\n  \
         2. Xem số cuối cùng trong sổ giấy của từng sổ.\n  \
         3. Chánh Văn phòng nhận lại quyền cấp số với số cuối đó; từ lúc ấy sổ cấp số tiếp.",
    );
    text
}

/// Why a copy or a restore was refused, where a person can do something about it.
pub fn not_copied(fault: &CopyFault) -> Option<String> {
    match fault {
        CopyFault::NoManifest { .. } => Some(
            "Thư mục này không có bản sao nào dùng được: thiếu tệp manifest.json hoặc tệp ấy hỏng."
                .into(),
        ),
        CopyFault::Damaged(path) => {
            Some(format!("Bản sao đã hỏng: tệp {} không còn đúng như lúc sao lưu.", path.display()))
        }
        CopyFault::OtherKey => {
            Some("Tệp server.key này không phải của máy chủ đã được sao lưu.".into())
        }
        CopyFault::Ended { program, how } => {
            Some(format!("Chương trình {program} không kết thúc tốt ({how})."))
        }
        CopyFault::OfDatabase => Some(
            "Kho của máy chủ này là PostgreSQL: hãy sao lưu kho bằng công cụ của PostgreSQL, \
             chạy qua `vanthu-server backup-with` (pg_dump hoặc pg_basebackup), và chép thêm tệp \
             server.key và thư mục blobs (tệp ở kho S3 thì chép tệp blobs.address và bật lưu \
             phiên bản của kho). Sau khi khôi phục kho từ bản sao cũ hơn, hãy chạy \
             `vanthu-server begin-anew`."
                .into(),
        ),
        CopyFault::NotEmpty => Some("Thư mục đích không trống; hãy chọn một thư mục mới.".into()),
        CopyFault::Flawed(found) => {
            let flawed = found.iter().filter(|agency| !agency.flaws.is_empty());
            let texts: Vec<String> = flawed.map(verified).collect();
            Some(format!("Nội dung không còn nguyên vẹn:\n{}", texts.join("\n")))
        }
        CopyFault::Io { .. } | CopyFault::Storage(_) | CopyFault::Call(_) => None,
    }
}

/// An agency in its new place.
pub fn moved(moved: &Moved) -> String {
    let Moved { org, states, histories, blob_uses, keys } = moved;
    let lines = histories.map_or(0, |histories| histories.count);
    format!(
        "{}: đã chuyển {} mục, {states} trạng thái, {lines} dòng lịch sử, {blob_uses} quyền tệp, \
         {keys} khoá. Mọi thứ đều khớp.",
        org.id, org.head
    )
}

/// Why an agency did not move.
pub fn not_moved(fault: &MoveFault) -> String {
    match fault {
        MoveFault::NoAgency => "máy chủ không có cơ quan này.".into(),
        MoveFault::ThereAlready => "kho mới đã có cơ quan này, không chuyển đè.".into(),
        MoveFault::OtherLog => "kho mới có nhật ký khác của cơ quan này, không chuyển đè.".into(),
        MoveFault::Miscounted => "số liệu hai kho không khớp; kho cũ vẫn nguyên vẹn.".into(),
        MoveFault::Flawed(found) => {
            let texts: Vec<String> = found.iter().map(verified).collect();
            format!("nội dung ở kho mới không nguyên vẹn:\n{}", texts.join("\n"))
        }
        MoveFault::Storage(fault) => {
            format!("kho bị lỗi, hãy chạy lại: {fault}: {}", chain(fault))
        }
    }
}

/// A fault with what was under it.
pub fn chain(fault: &dyn std::error::Error) -> String {
    let mut texts = Vec::new();
    let mut under = fault.source();
    while let Some(source) = under {
        texts.push(source.to_string());
        under = source.source();
    }
    texts.join(": ")
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
        Flaw::Unreadable { seq } => format!("Mục {seq} trong nhật ký không đọc được."),
        Flaw::History { key, seq } => {
            format!("Lịch sử của {} không đúng với mục {seq}.", in_words(&thing(key)))
        }
        Flaw::Histories { more } => format!("Có {more} dòng lịch sử không mục nào ghi."),
        Flaw::File { key, blob } => {
            let thing = in_words(&thing(key));
            format!("Quyền gửi và xem tệp {} của {thing} không khớp với nhật ký.", blob.hex())
        }
        Flaw::FileGone { key, blob } => {
            let thing = in_words(&thing(key));
            format!("Tệp {} của {thing} đã được nhận mà không còn ở nơi lưu tệp.", blob.hex())
        }
        Flaw::Number { book, year, number } => {
            format!("Số {number} năm {year} của sổ {book} thiếu, thừa hoặc tra không ra.")
        }
    }
}

/// The name of a thing inside a sentence.
fn in_words(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_lowercase().collect::<String>());
    first.unwrap_or_default() + letters.as_str()
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
        Key::Parcel(id) => format!("Lượt gửi {id}"),
        Key::Arrival(id) => format!("Văn bản gửi đến {id}"),
    }
}

/// How many PCs run which version.
pub fn versions(counts: &BTreeMap<Version, u64>) -> String {
    let each = counts.iter().rev().map(|(version, pcs)| format!("bản {version}: {pcs} máy"));
    format!("Chương trình trên các máy: {}", each.collect::<Vec<_>>().join(", "))
}

/// A release at a glance.
pub fn release(at: &ReleaseAtAGlance) -> String {
    let ReleaseAtAGlance { manifest, publisher, stage, agencies, withdrawn, runs, back } = at;
    let mut text = format!("Bản {} cho {}", manifest.version, manifest.platform.name());
    match (withdrawn, agencies.len()) {
        (true, _) => text.push_str(", đã rút"),
        (false, 0) => text.push_str(&format!(", cho {stage} % số máy")),
        (false, some) => {
            text.push_str(&format!(", cho {stage} % số máy và mọi máy của {some} cơ quan"));
        }
    }
    text.push_str(&format!("\n  {runs} máy đang dùng, {back} máy đã quay về bản trước"));
    text.push_str(&format!("\n  ký bởi {publisher}"));
    if !manifest.notes.is_empty() {
        text.push_str(&format!("\n  {}", manifest.notes.replace('\n', "\n  ")));
    }
    text
}

/// A moment at the office: `23/11/2026 09:05`.
pub fn at(moment: Moment) -> String {
    let civil = moment.civil();
    let (date, time) = (civil.date(), civil.time());
    format!("{} {:02}:{:02}", day(date), time.hour(), time.minute())
}

fn day(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

/// One statement about the directory, and what it changed.
pub fn stated(stated: &Stated, entries: &BTreeMap<AgencyId, Listed>) -> String {
    let Stated { nth, at: when, by, of, before, after, .. } = stated;
    let mut text = format!("{nth}. {} {by} ({of}): {}", at(*when), after.name);
    let Some(before) = before else {
        text.push_str(" — thêm mới");
        return text;
    };
    let texts = [
        ("tên", &before.name, &after.name),
        ("mã", &before.code, &after.code),
        ("số đơn vị hành chính", &before.unit, &after.unit),
        ("cấp trên", &before.parent, &after.parent),
    ];
    for (field, before, after) in texts.into_iter().filter(|(_, before, after)| before != after) {
        text.push_str(&format!("\n  {field}: “{before}” → “{after}”"));
    }
    match (before.to, after.to) {
        (Some(_), None) => text.push_str("\n  bỏ ngày kết thúc"),
        (before, Some(to)) if before != Some(to) => {
            text.push_str(&format!("\n  kết thúc ngày {}", day(to)));
        }
        (_, Some(_)) | (None, None) => {}
    }
    if before.heirs != after.heirs {
        let name = |heir: &AgencyId| {
            entries.get(heir).map_or_else(|| heir.to_string(), |one| one.name.clone())
        };
        let heirs: Vec<String> = after.heirs.iter().map(name).collect();
        text.push_str(&format!("\n  kế thừa: {}", heirs.join("; ")));
    }
    text
}

/// Why a wish about a release is not done, where a person can do something about it.
pub fn not_a_release(fault: &NotARelease) -> Option<&'static str> {
    match fault {
        NotARelease::Release(
            ReleaseFault::BadSignature | ReleaseFault::UnknownKey | ReleaseFault::OutOfBounds,
        )
        | NotARelease::WrongBytes => {
            Some("tệp bị hỏng hoặc đã bị sửa, nên chưa nhận gì. Hãy chép lại từ nhà phát hành")
        }
        NotARelease::Release(ReleaseFault::Unreadable) => Some(
            "đây không phải là tệp bản mới mà máy chủ này đọc được, nên chưa nhận gì. Cần tệp \
             .vtr; nếu đúng là tệp ấy, hãy cập nhật máy chủ trước",
        ),
        NotARelease::Taken => Some(
            "số bản này đã dùng cho một tệp khác, hoặc đã rút; chưa đổi gì. Hãy phát hành với số \
             mới",
        ),
        NotARelease::Unknown => Some("không có bản nào mang số này; xem `release list`"),
        NotARelease::TooMany => Some("quá nhiều bản hoặc quá nhiều cơ quan; chưa đổi gì"),
        NotARelease::NoRoom => Some("máy chủ không có chỗ cho tệp của bản mới; chưa nhận gì"),
        NotARelease::Disk(_) | NotARelease::Storage(_) => None,
    }
}

/// What was found of the statements about the directory.
pub fn statements(found: &StatementsVerified) -> String {
    let StatementsVerified { count, flaws } = found;
    if flaws.is_empty() {
        return format!("Danh bạ: {count} lần ghi, chữ ký đều đúng.");
    }
    let flaws: Vec<String> = flaws.iter().map(u64::to_string).collect();
    format!("Danh bạ: {count} lần ghi, KHÔNG ĐÚNG ở lần {}.", flaws.join(", "))
}
