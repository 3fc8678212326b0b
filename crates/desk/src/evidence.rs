//! Evidence for one parcel: asked of the server, checked here, written beside the prints.
use contract::{EvidenceWritten, Failure, OneId};
use register::{Key, ParcelId, State};
use sync::evidence::{Evidence, check};
use sync::wire::ChallengeAsked;

use crate::desk::Desk;
use crate::durable;
use crate::faults::{fault, log};
use crate::line::{Caller, of_call, open_session};
use crate::session::AtDesk;
use crate::words::{NOTHING_CHANGED, failure};

/// Folder of evidence inside a profile.
const EVIDENCE_FOLDER: &str = "bang-chung";
/// Characters of the agency in the name of a file.
const NAME_CHARS_MAX: usize = 60;

impl Desk {
    /// Writes a file that proves what became of a parcel, on any PC and without a network.
    pub(crate) fn write_evidence(&self, asked: &OneId) -> Result<EvidenceWritten, Failure> {
        let at = self.at_desk()?;
        let gone = || failure("unknown", "Không thấy lượt gửi này trên máy.", "Mở lại văn bản.");
        let parcel = ParcelId::parse(&asked.id).map_err(|_| gone())?;
        let known = self.look(&at.opened, |view| view.state(Key::Parcel(parcel)))?;
        let known = known.filter(|state| at.lens.sees(state)).ok_or_else(gone)?;
        let State::Parcel(known) = known else { return Err(gone()) };
        let evidence = self.ask_for_evidence(&at, parcel)?;
        let bytes = serde_json::to_vec(&evidence).map_err(|error| not_written(&error))?;
        // What the server gives must hold here before it has to hold elsewhere.
        let proven = check(&bytes).map_err(|fault| not_proven(&fault))?;
        let folder = self.profile.join(EVIDENCE_FOLDER);
        let path = folder.join(file_name(proven.number, &known.to.name, parcel));
        durable::make_folder(&folder)
            .and_then(|()| durable::replace(&path, &bytes))
            .map_err(|error| not_written(&error))?;
        Ok(EvidenceWritten {
            path: path.display().to_string(),
            receipts: u32::try_from(proven.receipts.len()).unwrap_or(u32::MAX),
        })
    }

    fn ask_for_evidence(&self, at: &AtDesk, parcel: ParcelId) -> Result<Evidence, Failure> {
        let line = self.look(&at.opened, |view| view.line())?;
        let line = line.ok_or_else(|| {
            failure("not_linked", "Cơ quan chưa nối với máy chủ.", "Nối máy chủ ở Đồng bộ.")
        })?;
        let caller = Caller::to(&line.address).map_err(|call| of_call(&call))?;
        let dev = at.opened.store.device();
        let of = ChallengeAsked { org: line.agency, dev, officer: at.officer.id };
        let session =
            open_session(&caller, of, &at.signing, line.server).map_err(|call| of_call(&call))?;
        let path = format!("/v1/evidence?parcel={parcel}");
        caller.get(&path, &session.token).map_err(|call| of_call(&call))
    }
}

/// Number, agency and a part of the parcel's name. How an agency is called was said elsewhere: only
/// letters and digits of it come into the name of a file.
fn file_name(number: Option<u32>, agency: &str, parcel: ParcelId) -> String {
    let number = number.map_or_else(String::new, |number| format!("{number}-"));
    let folded = text::fold(agency);
    let words = folded.split(|one: char| !one.is_ascii_alphanumeric());
    let name: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let name: String = name.join("-").chars().take(NAME_CHARS_MAX).collect();
    let digits: String = parcel.hex().chars().take(8).collect();
    format!("{number}{name}-{digits}.json")
}

fn not_proven(error: &(dyn std::error::Error + 'static)) -> Failure {
    log("checking evidence", error);
    fault(
        "not_proven",
        "Bằng chứng máy chủ gửi về không đứng vững khi kiểm tra tại máy này.",
        NOTHING_CHANGED,
        "Báo người vận hành máy chủ kiểm tra nhật ký.",
    )
}

fn not_written(error: &(dyn std::error::Error + 'static)) -> Failure {
    log("writing evidence", error);
    fault(
        "not_written",
        "Chưa ghi được tệp bằng chứng.",
        NOTHING_CHANGED,
        "Kiểm tra đĩa còn chỗ rồi làm lại.",
    )
}

#[cfg(test)]
mod tests {
    use register::ParcelId;

    use super::file_name;

    #[test]
    fn a_file_is_called_by_letters_and_digits_however_the_agency_is_called() {
        let named = |agency: &str| file_name(Some(7), agency, ParcelId([0xAB; 16]));
        assert_eq!(named("UBND xã Bình An"), "7-ubnd-xa-binh-an-abababab.json");
        assert_eq!(named("../../Sở/Nội vụ\\\0:"), "7-so-noi-vu-abababab.json");
        assert_eq!(named("家"), "7--abababab.json");
        assert!(named(&"Uỷ ban ".repeat(100)).len() < 100);
    }
}
