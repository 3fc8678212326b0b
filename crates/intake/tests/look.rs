//! What may enter and what may not, told from bytes alone.
#![cfg(test)]

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use intake::{
    ATTACHMENT_BYTES_MAX, Encryption, Kind, LookError, Looked, NameWarning, NotAccepted, PageCount,
    look,
};

fn look_at(bytes: &[u8], name: &str) -> Result<Looked, LookError> {
    look(&mut Cursor::new(bytes), name, bytes.len() as u64)
}

fn refusal(result: Result<Looked, LookError>) -> NotAccepted {
    match result {
        Err(LookError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// A file that may not be read at all.
struct Forbidden;

impl Read for Forbidden {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        panic!("nobody may read this file")
    }
}

impl Seek for Forbidden {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        panic!("nobody may read this file")
    }
}

#[test]
fn an_empty_file_may_not_enter() {
    assert_eq!(refusal(look(&mut Forbidden, "a.pdf", 0)), NotAccepted::Empty);
}

#[test]
fn a_file_of_two_gigabytes_is_refused_without_a_byte_read() {
    let size = 2 << 30;
    let refused = refusal(look(&mut Forbidden, "scan.pdf", size));
    assert_eq!(refused, NotAccepted::TooLarge { size, size_max: ATTACHMENT_BYTES_MAX });
}

#[test]
fn a_pdf_that_is_a_zip_may_not_enter() {
    let refused = refusal(look_at(b"PK\x03\x04\0\0\0\0", "cong-van.pdf"));
    let differ = NotAccepted::NameAndContentDiffer { promised: Kind::Pdf, found: Kind::Zip };
    assert_eq!(refused, differ);
}

#[test]
fn a_program_may_not_enter_under_any_name() {
    for name in ["cong-van.pdf", "setup.exe", "khong ten"] {
        assert_eq!(refusal(look_at(b"MZ\x90\0\x03", name)), NotAccepted::Executable);
    }
}

#[test]
fn a_file_that_grows_while_it_is_read_is_not_taken() {
    let refused = refusal(look(&mut Cursor::new(b"half and more"), "a.txt", 4));
    assert_eq!(refused, NotAccepted::StillChanging);
    let refused = refusal(look(&mut Cursor::new(b"half"), "a.txt", 9));
    assert_eq!(refused, NotAccepted::StillChanging);
}

#[test]
fn a_damaged_pdf_enters_as_it_is_and_is_called_damaged() {
    let looked = look_at(b"%PDF-1.7\nnothing of use follows", "a.pdf").unwrap();
    assert_eq!(looked.pdf.unwrap().pages, PageCount::Damaged);
}

#[test]
fn nesting_without_end_does_not_bring_the_look_down() {
    for bracket in ["[", "<<", "<</A "] {
        let deep = format!(
            "%PDF-1.7\n1 0 obj\n{}\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF",
            bracket.repeat(3_000)
        );
        let looked = look_at(deep.as_bytes(), "a.pdf").unwrap();
        assert_eq!(looked.pdf.unwrap().pages, PageCount::Damaged);
    }
}

#[test]
fn long_and_tricky_names_are_warned_of() {
    let name = format!("{}.txt", "a".repeat(60));
    let looked = look_at(b"text", &name).unwrap();
    assert_eq!(looked.name_warnings, [NameWarning::Long { chars: 64 }]);
    let looked = look_at(b"text", "Công văn.txt").unwrap();
    assert_eq!(looked.name_warnings, [NameWarning::NotPlain]);
    let looked = look_at(b"text", "a\u{202e}cod.txt").unwrap();
    assert_eq!(looked.name_warnings, [NameWarning::NotPlain, NameWarning::HidesLetters]);
    assert_eq!((looked.kind, looked.encryption), (Kind::Text, Encryption::None));
}
