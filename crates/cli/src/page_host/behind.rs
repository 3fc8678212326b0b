//! The real desk behind the host.

use contract::Failure;
use desk::Desk;

use super::{Behind, Part};

impl Behind for Desk {
    fn ask(&self, name: &str, args: &str) -> Result<String, String> {
        contract::answer(self, name, args).map_err(as_json)
    }

    fn blob(&self, sha256: &str, from: u64, to: u64) -> Result<Part, String> {
        let (bytes, total, mime) = self.blob_range(sha256, from, to).map_err(as_json)?;
        Ok(Part { bytes, total, mime })
    }

    fn on_tell(&self, hear: Box<dyn Fn(String) + Send + Sync>) {
        Desk::on_tell(
            self,
            Box::new(move |topics| match serde_json::to_string(topics) {
                Ok(topics) => hear(topics),
                Err(fault) => tracing::warn!(%fault, "the page was not told"),
            }),
        );
    }
}

fn as_json(failure: Failure) -> String {
    serde_json::to_string(&failure).expect("a failure is made of texts")
}
