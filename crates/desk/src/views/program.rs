//! The program itself: which version runs, which one is next, and the way back.
use contract::{
    Done, Failure, ProgramBack, ProgramComing, ProgramGivenUp, ProgramState, ProgramVersion, Topic,
};

use crate::acts::done;
use crate::desk::Desk;
use crate::faults::{fault, log};
use crate::programs::Programs;
use crate::words::{NOTHING_CHANGED, failure};

/// So long the foot of the window tells that a version was given up.
const RECENT_MS: i64 = 24 * 3_600_000;

impl Desk {
    fn programs(&self) -> Programs {
        Programs::of(&self.profile)
    }

    pub(crate) fn program_now(&self) -> ProgramState {
        let standing = self.with_background(|background| background.line_standing());
        let on_its_way =
            standing.ok().flatten().map(|standing| standing.program).unwrap_or_default();
        let programs = self.programs();
        let notes = programs.notes();
        let next = programs.best(&notes).map(|whole| ProgramVersion {
            version: whole.manifest.version.to_string(),
            notes: whole.manifest.notes,
            made: whole.manifest.made.0,
        });
        let kept_back = on_its_way.kept_back;
        // Between its last byte and the note of that it is whole and on its way at once.
        let is_here = |version: &str| next.as_ref().is_some_and(|next| next.version == version);
        let coming = on_its_way.coming.filter(|(version, _)| !is_here(version));
        let coming =
            coming.map(|(version, progress)| ProgramComing { version, progress, kept_back });
        let given_up = notes.back().filter(|(version, _)| *version != programs.running);
        let given_up = given_up.map(|(version, fell)| ProgramGivenUp {
            version: version.to_string(),
            fell,
            recent: notes.known(version).began_within(self.source.now(), RECENT_MS),
        });
        ProgramState {
            version: programs.running.to_string(),
            takes: programs.takes(),
            next,
            coming,
            trouble: on_its_way.trouble,
            back_to: programs.before(&notes).map(|before| before.version.to_string()),
            leaving: notes.known(programs.running).left,
            given_up,
        }
    }

    /// Goes back to the version before this one from the next start on, or stays after all.
    pub(crate) fn go_back(&self, form: ProgramBack) -> Result<Done, Failure> {
        self.at_desk()?;
        let programs = self.programs();
        let Some(before) = programs.before(&programs.notes()) else {
            return Err(failure(
                "no_version_before",
                "Trên máy này không có bản nào trước bản đang dùng.",
                "Dùng tiếp bản này; nếu có trục trặc, báo quản trị.",
            ));
        };
        let version = before.version.to_string();
        if !form.stay && !programs.can_read(before) {
            return Err(failure(
                "version_too_old",
                format!("Bản {version} không đọc được sổ mà bản đang dùng đã chuyển dạng."),
                "Dùng tiếp bản này; nếu có trục trặc, báo quản trị để có bản sửa.",
            ));
        }
        programs.leave(!form.stay).map_err(|error| {
            log("noting that somebody goes back", &error);
            fault(
                "not_noted",
                "Chưa ghi được việc quay về bản trước.",
                NOTHING_CHANGED,
                "Kiểm tra đĩa còn chỗ không, rồi làm lại.",
            )
        })?;
        let (sentence, version) = if form.stay {
            ("program_stays", programs.running.to_string())
        } else {
            ("program_back", version)
        };
        Ok(done(String::new(), sentence, vec![version], &[Topic::Line]))
    }
}
