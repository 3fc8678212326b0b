//! The command line that was installed hands over to that of the version whose window runs here.
use std::process::{ExitCode, ExitStatus};

use desk::programs::{Programs, becomes};

use crate::BROKEN;
use crate::arguments::{Arguments, Wish};

/// How the newer one ended, when it was handed over to. One that cannot be started is left, and
/// said in the log: this program may know the register too.
pub(crate) fn hands_over(arguments: &Arguments) -> Option<ExitCode> {
    if !is_of_the_register(&arguments.wish) {
        return None;
    }
    let mut newer = Programs::of(&arguments.profile().ok()?).command_line()?;
    newer.args(std::env::args_os().skip(1));
    becomes(&mut newer)
        .map(code_of)
        .inspect_err(|fault| tracing::error!(%fault, "starting a newer command line"))
        .ok()
}

/// What makes a release or measures is this build and no other; so is what serves its own page.
fn is_of_the_register(wish: &Wish) -> bool {
    match wish {
        Wish::Ask { .. } | Wish::Commands { .. } | Wish::Search { .. } => true,
        Wish::Verify { evidence, .. } => evidence.is_none(),
        Wish::Release(_) | Wish::Bench { .. } => false,
        #[cfg(feature = "demo")]
        Wish::Demo { .. } | Wish::Fill(_) => false,
        #[cfg(feature = "browser")]
        Wish::Browser { .. } => false,
    }
}

fn code_of(ended: ExitStatus) -> ExitCode {
    let code = ended.code().and_then(|code| u8::try_from(code).ok());
    ExitCode::from(code.unwrap_or(BROKEN))
}
