//! The kinds of documents: the 29 of Nghị định 30/2020/NĐ-CP, and others that come in.

/// Where a kind of document comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// One of the 29 kinds of Nghị định 30/2020/NĐ-CP, Điều 7.
    Administrative,
    /// A legal document (văn bản quy phạm pháp luật) or a consolidation of one.
    Legal,
    /// A document of the Party; it comes in and is registered like any other.
    Party,
    /// A copy made by the agency itself (Điều 25); its own series, never incoming.
    Copy,
}

/// A kind of document (tên loại).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Stable: it stands in commands and never changes.
    pub id: &'static str,
    /// The name on screen and on paper.
    pub name: &'static str,
    /// The abbreviation in a symbol, if it has one; capitals and marks matter (HD is not HĐ).
    pub abbreviation: Option<&'static str>,
    /// Where the kind comes from.
    pub family: Family,
    /// Whether a commune may issue it, or only receive it.
    pub commune_may_issue: bool,
}

/// Finds a kind by its id, copies included.
pub fn kind(id: &str) -> Option<&'static Kind> {
    KINDS.iter().chain(&COPY_KINDS).find(|kind| kind.id == id)
}

/// The kinds a document in the register can have; the 29 first, in the order of the decree.
///
/// A commune issues resolutions and decisions with the force of law since the Law 64/2025/QH15 as
/// amended by the Law 87/2025/QH15; these follow another form and carry the year in their symbol.
#[rustfmt::skip]
pub const KINDS: [Kind; 43] = [
    administrative("nghi-quyet", "Nghị quyết", Some("NQ")),
    administrative("quyet-dinh", "Quyết định", Some("QĐ")),
    administrative("chi-thi", "Chỉ thị", Some("CT")),
    administrative("quy-che", "Quy chế", Some("QC")),
    administrative("quy-dinh", "Quy định", Some("QyĐ")),
    administrative("thong-cao", "Thông cáo", Some("TC")),
    administrative("thong-bao", "Thông báo", Some("TB")),
    administrative("huong-dan", "Hướng dẫn", Some("HD")),
    administrative("chuong-trinh", "Chương trình", Some("CTr")),
    administrative("ke-hoach", "Kế hoạch", Some("KH")),
    administrative("phuong-an", "Phương án", Some("PA")),
    administrative("de-an", "Đề án", Some("ĐA")),
    administrative("du-an", "Dự án", Some("DA")),
    administrative("bao-cao", "Báo cáo", Some("BC")),
    administrative("bien-ban", "Biên bản", Some("BB")),
    administrative("to-trinh", "Tờ trình", Some("TTr")),
    administrative("hop-dong", "Hợp đồng", Some("HĐ")),
    administrative("cong-van", "Công văn", None),
    administrative("cong-dien", "Công điện", Some("CĐ")),
    administrative("ban-ghi-nho", "Bản ghi nhớ", Some("BGN")),
    administrative("ban-thoa-thuan", "Bản thỏa thuận", Some("BTT")),
    administrative("giay-uy-quyen", "Giấy uỷ quyền", Some("GUQ")),
    administrative("giay-moi", "Giấy mời", Some("GM")),
    administrative("giay-gioi-thieu", "Giấy giới thiệu", Some("GGT")),
    administrative("giay-nghi-phep", "Giấy nghỉ phép", Some("GNP")),
    administrative("phieu-gui", "Phiếu gửi", Some("PG")),
    administrative("phieu-chuyen", "Phiếu chuyển", Some("PC")),
    administrative("phieu-bao", "Phiếu báo", Some("PB")),
    administrative("thu-cong", "Thư công", None),
    law_from_above("hien-phap", "Hiến pháp", None),
    law_from_above("bo-luat", "Bộ luật", None),
    law_from_above("luat", "Luật", None),
    law_from_above("phap-lenh", "Pháp lệnh", Some("PL")),
    law_from_above("lenh", "Lệnh", Some("L")),
    local_law("nghi-quyet-qppl", "Nghị quyết (quy phạm pháp luật)", Some("NQ")),
    law_from_above("nghi-quyet-lien-tich", "Nghị quyết liên tịch", Some("NQLT")),
    law_from_above("nghi-dinh", "Nghị định", Some("NĐ")),
    local_law("quyet-dinh-qppl", "Quyết định (quy phạm pháp luật)", Some("QĐ")),
    law_from_above("thong-tu", "Thông tư", Some("TT")),
    law_from_above("thong-tu-lien-tich", "Thông tư liên tịch", Some("TTLT")),
    law_from_above("van-ban-hop-nhat", "Văn bản hợp nhất", Some("VBHN")),
    party("ket-luan", "Kết luận", Some("KL")),
    party("thong-tri", "Thông tri", Some("TTr")),
];

/// The kinds of copies, which share one series a year.
#[rustfmt::skip]
pub const COPY_KINDS: [Kind; 3] = [
    copy("sao-y", "Sao y", Some("SY")),
    copy("trich-sao", "Trích sao", Some("TrS")),
    copy("sao-luc", "Sao lục", Some("SL")),
];

const fn administrative(
    id: &'static str,
    name: &'static str,
    abbreviation: Option<&'static str>,
) -> Kind {
    Kind { id, name, abbreviation, family: Family::Administrative, commune_may_issue: true }
}

const fn local_law(
    id: &'static str,
    name: &'static str,
    abbreviation: Option<&'static str>,
) -> Kind {
    Kind { id, name, abbreviation, family: Family::Legal, commune_may_issue: true }
}

const fn law_from_above(
    id: &'static str,
    name: &'static str,
    abbreviation: Option<&'static str>,
) -> Kind {
    Kind { id, name, abbreviation, family: Family::Legal, commune_may_issue: false }
}

const fn party(id: &'static str, name: &'static str, abbreviation: Option<&'static str>) -> Kind {
    Kind { id, name, abbreviation, family: Family::Party, commune_may_issue: false }
}

const fn copy(id: &'static str, name: &'static str, abbreviation: Option<&'static str>) -> Kind {
    Kind { id, name, abbreviation, family: Family::Copy, commune_may_issue: true }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{COPY_KINDS, Family, KINDS, Kind, kind};

    #[test]
    fn the_decree_has_29_kinds_and_their_abbreviations_differ_by_marks_and_case() {
        let decree: std::vec::Vec<&Kind> =
            KINDS.iter().filter(|kind| kind.family == Family::Administrative).collect();
        assert_eq!(decree.len(), 29);
        let abbreviations: BTreeSet<&str> =
            decree.iter().filter_map(|kind| kind.abbreviation).collect();
        assert_eq!(abbreviations.len(), 27, "công văn and thư công have none");
        for pair in [["HD", "HĐ"], ["DA", "ĐA"], ["CT", "CTr"], ["QĐ", "QyĐ"]] {
            assert!(pair.iter().all(|one| abbreviations.contains(one)), "{pair:?}");
        }
        assert!(decree.iter().all(|kind| kind.commune_may_issue));
    }

    #[test]
    fn every_kind_has_its_own_id_and_name() {
        let all = KINDS.iter().chain(&COPY_KINDS);
        let ids: BTreeSet<&str> = all.clone().map(|kind| kind.id).collect();
        let names: BTreeSet<&str> = all.clone().map(|kind| kind.name).collect();
        assert_eq!(ids.len(), KINDS.len() + COPY_KINDS.len());
        assert_eq!(names.len(), ids.len());
        for id in ids {
            assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{id}");
        }
    }

    #[test]
    fn a_commune_issues_no_decree_but_may_issue_a_decision_with_the_force_of_law() {
        let may = |id| kind(id).map(|kind| kind.commune_may_issue);
        assert_eq!(may("nghi-dinh"), Some(false));
        assert_eq!(may("quyet-dinh-qppl"), Some(true));
        assert_eq!(may("cong-van"), Some(true));
        assert_eq!(may("sao-y"), Some(true));
        assert_eq!(may("không có"), None);
    }
}
