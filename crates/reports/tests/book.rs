//! The register book as PDF: what stands on it, that it is sound, and that it never varies.
#![cfg(test)]

use std::io::{self, Write};
use std::process::Command;

use expect_test::expect;

use reports::{
    BookLine, BookPicture, Cells, IncomingCells, LineFault, OutgoingCells, Printed, ReportError,
    Standing, book_pdf,
};

fn incoming_book() -> BookPicture {
    BookPicture {
        agency_parent: String::new(),
        agency: "Ủy ban nhân dân xã An Hiếu".to_owned(),
        title: "Sổ đăng ký văn bản đến".to_owned(),
        series: String::new(),
        year: 2026,
        volume: "02".to_owned(),
        printed_by: "Phan Thị Mỹ Lệ".to_owned(),
        printed_at: "18/11/2026 16:45".to_owned(),
        filter: None,
        chain: "9f31c0de".to_owned(),
    }
}

const SUBJECTS: [&str; 5] = [
    "Công văn về phối hợp rà soát đất phi nông nghiệp",
    "Công điện về ứng phó mưa lớn, lũ quét, sạt lở đất",
    "Báo cáo sơ kết công tác giáo dục học kỳ I năm học 2026-2027 trên địa bàn xã, những thuận lợi, \
     khó khăn và kiến nghị với Uỷ ban nhân dân tỉnh",
    "Tờ trình đề nghị sửa chữa mái nhà học bộ môn",
    "Thông báo kết luận về công tác giảm nghèo bền vững, Hỗ trợ đồng bào vùng đặc biệt khó khăn",
];
const ISSUERS: [&str; 4] =
    ["UBND tỉnh", "Chi cục Thuế khu vực", "Trường THCS An Hiếu", "Sở Tài chính"];

fn incoming_line(number: usize) -> BookLine {
    BookLine {
        number: format!("{number:02}"),
        day: format!("{:02}/{:02}/2026", number % 28 + 1, number % 12 + 1),
        standing: Standing::Document,
        cells: Cells::Incoming(IncomingCells {
            arrived_on: "17/11/2026".to_owned(),
            issuer: ISSUERS[number % 4].to_owned(),
            symbol: format!("{}/UBND-NNMT", 4000 + number),
            dated: "13/11/2026".to_owned(),
            subject: SUBJECTS[number % 5].to_owned(),
            recipients: "Phòng Kinh tế, Văn phòng".to_owned(),
            handed_on: "17/11/2026".to_owned(),
            received: String::new(),
            note: if number.is_multiple_of(9) {
                "Thượng khẩn".to_owned()
            } else {
                String::new()
            },
        }),
    }
}

fn a_page_with_everything() -> Vec<BookLine> {
    let mut lines: Vec<BookLine> = (1..=30).map(incoming_line).collect();
    lines[4].standing = Standing::Voided {
        reason: "vào sổ trùng với số 03, Phan Thị Mỹ Lệ huỷ".to_owned(),
    };
    lines[7].standing = Standing::Placeholder;
    lines[7].cells = Cells::Incoming(IncomingCells {
        arrived_on: "17/11/2026".to_owned(),
        ..IncomingCells::default()
    });
    lines
}

fn print(picture: &BookPicture, lines: Vec<BookLine>) -> (Vec<u8>, Printed) {
    let mut out = Vec::new();
    let printed = book_pdf(picture, &mut lines.into_iter().map(Ok), &mut out).unwrap();
    (out, printed)
}

/// Runs a tool of the system on a PDF; none where the tool is not installed.
fn read_with(tool: &str, arguments: &[&str], pdf: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.pdf");
    std::fs::write(&path, pdf).unwrap();
    let arguments = arguments.iter().map(|word| word.replace("FILE", path.to_str().unwrap()));
    let output = Command::new(tool).args(arguments).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{tool}: {text} {}", String::from_utf8_lossy(&output.stderr));
    Some(text)
}

#[test]
fn the_same_book_printed_twice_gives_the_same_bytes() {
    let first = print(&incoming_book(), a_page_with_everything());
    let second = print(&incoming_book(), a_page_with_everything());
    assert_eq!(first, second);
}

/// The bytes are the same on every machine and system; a changed layout renews these figures.
#[test]
fn the_bytes_of_the_book_do_not_depend_on_the_machine() {
    let (pdf, _) = print(&incoming_book(), a_page_with_everything());
    let found = format!("{} bytes, {:016x}", pdf.len(), fingerprint(&pdf));
    expect!["56253 bytes, 6fa321320c13ff92"].assert_eq(&found);
}

/// FNV-1a: enough to see that something changed.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[test]
fn the_text_of_the_book_can_be_read_back() {
    let (pdf, printed) = print(&incoming_book(), a_page_with_everything());
    assert_eq!((printed.lines, printed.lines_cut), (30, 0));
    let Some(text) = read_with("pdftotext", &["-layout", "FILE", "-"], &pdf) else { return };
    for expected in [
        "ỦY BAN NHÂN DÂN XÃ AN HIẾU",
        "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN NĂM 2026",
        "Năm: 2026",
        "Từ ngày 02/02/2026 đến ngày 03/07/2026",
        "Từ số 01 đến số 30",
        "Quyển số: 02",
        "(10)",
        "Công điện về ứng phó mưa lớn",
        "Huỷ số. Lý do",
        "Số đã dùng trên giấy",
        "1 số đã huỷ, 1 số đã dùng trên giấy, từ số 01 đến số",
        "Gồm 28 văn bản, 1 số đã huỷ, 1 số đã dùng trên giấy, từ số 01 đến số 30.",
        "Mã sổ: 9f31c0de",
        "Người in: Phan Thị Mỹ Lệ",
    ] {
        assert!(text.contains(expected), "{expected:?} is missing in\n{text}");
    }
}

#[test]
fn a_strict_reader_finds_nothing_to_complain_about() {
    let (pdf, _) = print(&incoming_book(), a_page_with_everything());
    read_with("qpdf", &["--check", "FILE"], &pdf);
}

#[test]
fn an_outgoing_book_has_its_own_ten_columns() {
    let mut book = incoming_book();
    book.title = "Sổ đăng ký văn bản đi".to_owned();
    book.series = "Quyết định".to_owned();
    let line = BookLine {
        number: "05".to_owned(),
        day: "05/01/2026".to_owned(),
        standing: Standing::Document,
        cells: Cells::Outgoing(OutgoingCells {
            symbol: "05/QĐ-UBND".to_owned(),
            dated: "05/01/2026".to_owned(),
            subject: "Quyết định về việc thành lập Tổ công nghệ số cộng đồng".to_owned(),
            signer: "Nguyễn Văn Đông".to_owned(),
            recipients: "UBND tỉnh; các thôn".to_owned(),
            copy_kept_by: "Văn thư".to_owned(),
            copies: "12".to_owned(),
            ..OutgoingCells::default()
        }),
    };
    let (pdf, printed) = print(&book, vec![line]);
    assert_eq!(printed, Printed { pages: 3, lines: 1, lines_cut: 0 });
    let Some(text) = read_with("pdftotext", &["-layout", "FILE", "-"], &pdf) else { return };
    for expected in ["SỔ ĐĂNG KÝ VĂN BẢN ĐI", "Quyết định", "05/QĐ-UBND", "Người ký"]
    {
        assert!(text.contains(expected), "{expected:?} is missing in\n{text}");
    }
}

#[test]
fn an_empty_book_says_that_it_is_empty() {
    let (pdf, printed) = print(&incoming_book(), Vec::new());
    assert_eq!(printed, Printed { pages: 3, lines: 0, lines_cut: 0 });
    let Some(text) = read_with("pdftotext", &["-layout", "FILE", "-"], &pdf) else { return };
    assert!(text.contains("Sổ chưa có văn bản nào."), "{text}");
}

#[test]
fn an_extract_says_so_on_every_page() {
    let mut book = incoming_book();
    book.filter = Some("đơn vị Phòng Kinh tế".to_owned());
    let (pdf, _) = print(&book, a_page_with_everything());
    let Some(text) = read_with("pdftotext", &["-layout", "FILE", "-"], &pdf) else { return };
    for page in text.split('\u{c}').filter(|page| !page.trim().is_empty()) {
        assert!(page.contains("Bản trích"), "{page}");
    }
}

#[test]
fn a_subject_of_ten_thousand_letters_fits_on_one_page_and_is_counted_as_cut() {
    let mut line = incoming_line(1);
    if let Cells::Incoming(cells) = &mut line.cells {
        cells.subject = "Báo cáo về ".repeat(1000);
    }
    let (pdf, printed) = print(&incoming_book(), vec![line]);
    assert_eq!(printed, Printed { pages: 3, lines: 1, lines_cut: 1 });
    read_with("qpdf", &["--check", "FILE"], &pdf);
}

#[test]
fn text_in_parts_and_with_invisible_letters_prints_as_the_same_text_composed() {
    let mut parts = incoming_line(1);
    let mut composed = incoming_line(1);
    if let (Cells::Incoming(parts), Cells::Incoming(composed)) =
        (&mut parts.cells, &mut composed.cells)
    {
        parts.subject = "Tha\u{309}o lua\u{323}\u{302}n\u{200b} ve\u{302}\u{300} ".to_owned();
        composed.subject = "Thảo luận về".to_owned();
    }
    assert_eq!(print(&incoming_book(), vec![parts]), print(&incoming_book(), vec![composed]));
}

#[test]
fn a_book_whose_lines_stop_coming_is_no_book() {
    let fault: LineFault = "the disk is gone".into();
    let mut lines = [Ok(incoming_line(1)), Err(fault)].into_iter();
    let result = book_pdf(&incoming_book(), &mut lines, &mut io::sink());
    assert!(matches!(result, Err(ReportError::Line { line: 2, .. })));
}

#[test]
fn a_full_disk_is_told() {
    struct FullDisk;
    impl Write for FullDisk {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut lines = [Ok(incoming_line(1))].into_iter();
    let result = book_pdf(&incoming_book(), &mut lines, &mut FullDisk);
    assert!(matches!(result, Err(ReportError::Write { .. })));
}

#[test]
fn a_long_book_keeps_every_line_on_a_page() {
    let lines: Vec<BookLine> = (1..=2000).map(incoming_line).collect();
    let (pdf, printed) = print(&incoming_book(), lines);
    assert_eq!(printed.lines, 2000);
    let Some(text) = read_with("pdftotext", &["-layout", "FILE", "-"], &pdf) else { return };
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert_eq!(pages.len(), printed.pages as usize);
    // Each page goes on where the one before it stopped, and repeats the headings.
    let mut next = 1;
    for page in &pages[1..pages.len() - 1] {
        assert!(page.contains("Tác giả") && page.contains("(10)"), "{page}");
        let foot = page.lines().find(|line| line.contains("Trang này")).unwrap();
        let words: Vec<&str> = foot.split_whitespace().collect();
        let last = words[words.len() - 2].parse::<usize>().unwrap();
        assert!(foot.contains(&format!("từ số {next:02} đến số {last:02}")), "{foot}");
        next = last + 1;
    }
    assert_eq!(next, 2001);
}
