//! Real documents for the demo commune; only with the feature `demo`.

use crate::rows::rows;

/// About 900 legal documents as text, oldest first: symbol, name of the kind, issuer, ISO date,
/// subject, signer, capacity of the signer. The last two may be empty.
pub const DOCUMENTS: &str = include_str!("../demo/documents.tsv");

const PAGE_LABELS: &str = include_str!("../demo/pages.tsv");

/// What stands in a register about a real document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document {
    /// Number and symbol, such as `30/2020/NĐ-CP`.
    pub symbol: &'static str,
    /// The name of its kind, as in [`crate::KINDS`] or, for a legal document, without the bracket.
    pub kind: &'static str,
    /// The agency that issued it; parent and agency are parted by ` / `.
    pub issuer: &'static str,
    /// The date on it, as `2020-03-05`.
    pub date: &'static str,
    /// The subject (trích yếu).
    pub subject: &'static str,
    /// Who signed, or nothing where it is not known.
    pub signer: &'static str,
    /// The capacity and position of the signer, parted by ` / `.
    pub capacity: &'static str,
}

/// A real PDF with what a person reads on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The name of the file.
    pub file: &'static str,
    /// What stands on it.
    pub document: Document,
    /// The file as its agency published it.
    pub bytes: &'static [u8],
}

/// Returns the documents, oldest first.
pub fn documents() -> impl Iterator<Item = Document> + Clone {
    rows::<7>(DOCUMENTS).map(document)
}

/// Returns the PDF files with their labels.
pub fn pages() -> impl Iterator<Item = Page> + Clone {
    rows::<8>(PAGE_LABELS).filter_map(
        |[file, symbol, kind, issuer, date, subject, signer, capacity]| {
            let &(_, bytes) = FILES.iter().find(|(name, _)| *name == file)?;
            let document = document([symbol, kind, issuer, date, subject, signer, capacity]);
            Some(Page { file, document, bytes })
        },
    )
}

fn document(row: [&'static str; 7]) -> Document {
    let [symbol, kind, issuer, date, subject, signer, capacity] = row;
    Document { symbol, kind, issuer, date, subject, signer, capacity }
}

#[rustfmt::skip]
const FILES: [(&str, &[u8]); 8] = [
    ("daknong_kh_317.pdf", include_bytes!("../demo/pages/daknong_kh_317.pdf")),
    ("krongno_qd_3021.pdf", include_bytes!("../demo/pages/krongno_qd_3021.pdf")),
    ("stc_bc_105.pdf", include_bytes!("../demo/pages/stc_bc_105.pdf")),
    ("stc_bc_140.pdf", include_bytes!("../demo/pages/stc_bc_140.pdf")),
    ("stc_bc_145.pdf", include_bytes!("../demo/pages/stc_bc_145.pdf")),
    ("stc_bc_77.pdf", include_bytes!("../demo/pages/stc_bc_77.pdf")),
    ("stc_kh_3125.pdf", include_bytes!("../demo/pages/stc_kh_3125.pdf")),
    ("stc_tb_172.pdf", include_bytes!("../demo/pages/stc_tb_172.pdf")),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{DOCUMENTS, FILES, PAGE_LABELS, documents, pages};
    use crate::KINDS;

    const ALL_FILES_BYTES_MAX: usize = 4 << 20;

    fn is_a_date(text: &str) -> bool {
        text.len() == 10 && text.chars().all(|c| c.is_ascii_digit() || c == '-')
    }

    #[test]
    fn every_row_is_whole_and_no_document_stands_twice() {
        assert_eq!(documents().count(), DOCUMENTS.lines().count());
        let symbols: BTreeSet<&str> = documents().map(|document| document.symbol).collect();
        assert_eq!(symbols.len(), documents().count());
        let of_pages = pages().map(|page| page.document);
        for document in documents().chain(of_pages) {
            let known =
                KINDS.iter().any(|kind| kind.name.split(" (").next() == Some(document.kind));
            assert!(known, "{document:?}");
            assert!(is_a_date(document.date), "{document:?}");
            assert!(!document.issuer.is_empty() && document.subject.len() > 15, "{document:?}");
            assert_eq!(document.signer.is_empty(), document.capacity.is_empty(), "{document:?}");
        }
    }

    #[test]
    fn every_labelled_page_has_its_file_and_together_they_stay_small() {
        assert_eq!(pages().count(), PAGE_LABELS.lines().count());
        assert_eq!(pages().count(), FILES.len());
        assert!(pages().all(|page| page.bytes.starts_with(b"%PDF-")));
        let bytes: usize = pages().map(|page| page.bytes.len()).sum();
        assert!(bytes <= ALL_FILES_BYTES_MAX, "{bytes}");
    }
}
