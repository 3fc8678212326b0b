//! Files made to break readers, and real documents, from the data folder beside the checkout.
//!
//! Where the folder is absent these tests have nothing to look at and say nothing.
#![cfg(test)]

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use intake::{Agreement, Encryption, Kind, LookError, Looked, NotAccepted, PageCount, look};

fn files_of(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(folder);
    let Ok(entries) = fs::read_dir(root) else { return Vec::new() };
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn look_at(path: &Path) -> Result<Looked, LookError> {
    let size = fs::metadata(path).unwrap().len();
    look(&mut File::open(path).unwrap(), &path.file_name().unwrap().to_string_lossy(), size)
}

#[test]
fn no_broken_pdf_brings_the_look_down_or_keeps_it_busy() {
    for folder in ["pdf_qpdf", "pyhanko_pdf"] {
        for path in files_of(&format!("7_signed_and_malformed/{folder}")) {
            if let Ok(Looked { pdf: Some(pdf), .. }) = look_at(&path) {
                assert_ne!(pdf.pages, PageCount::TookTooLong, "{}", path.display());
            }
        }
    }
}

#[test]
fn the_pages_of_sound_pdfs_are_counted() {
    for (name, pages, encryption) in [
        ("minimal-xref.pdf", PageCount::Known(1), Encryption::None),
        ("minimal-signed-twice-no-sig-type.pdf", PageCount::Known(1), Encryption::None),
        ("minimal-aes256.pdf", PageCount::Locked, Encryption::Locked),
    ] {
        let files = files_of("7_signed_and_malformed/pyhanko_pdf");
        let Some(path) = files.iter().find(|path| path.ends_with(name)) else { continue };
        let pdf = look_at(path).unwrap().pdf.unwrap();
        assert_eq!((pdf.pages, pdf.encryption), (pages, encryption), "{name}");
    }
}

#[test]
fn a_zip_is_a_zip_and_never_a_pdf() {
    for path in files_of("7_signed_and_malformed/zip_libzip") {
        if path.extension().is_none_or(|end| end != "zip") {
            continue;
        }
        let size = fs::metadata(&path).unwrap().len();
        match look(&mut File::open(&path).unwrap(), "cong-van.pdf", size) {
            Err(LookError::Refused(
                NotAccepted::NameAndContentDiffer { promised: Kind::Pdf, .. } | NotAccepted::Empty,
            )) => {}
            other => panic!("{}: {other:?}", path.display()),
        }
    }
}

#[test]
fn real_documents_enter_with_their_pages_and_their_text() {
    for path in files_of("2_documents/pdf") {
        if path.extension().is_none_or(|end| end != "pdf") {
            continue;
        }
        let looked = look_at(&path).unwrap();
        let pdf = looked.pdf.unwrap();
        assert!(matches!(pdf.pages, PageCount::Known(1..)), "{}", path.display());
        assert_eq!(intake::secrecy_mark(&pdf.text), None, "{}", path.display());
        if path.ends_with("krongno_tb_19.pdf") {
            assert_eq!(pdf.text, "", "a scan has no text layer");
        }
        if path.ends_with("stc_bc_105.pdf") {
            assert!(pdf.text.contains("SỞ TÀI CHÍNH"), "{}", pdf.text);
        }
    }
}

#[test]
fn documents_in_old_formats_are_what_their_names_say() {
    let files = files_of("2_documents/legacy_tcvn3_vni");
    for path in files.iter().filter(|path| path.extension().is_some_and(|end| end != "csv")) {
        let looked = look_at(path).unwrap();
        assert_ne!(looked.kind, Kind::Unknown, "{}", path.display());
        assert_ne!(looked.kind, Kind::OldOffice, "{}", path.display());
        assert!(
            matches!(looked.agreement, Agreement::Same | Agreement::Near),
            "{}",
            path.display()
        );
    }
}
