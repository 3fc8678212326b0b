//! The shape of the desk until the desk itself stands: everything is answered with a refusal.
#![allow(dead_code)]

pub(crate) mod contract {
    #[derive(Clone, Debug, serde::Serialize)]
    pub(crate) struct Failure {
        pub(crate) code: Option<String>,
        pub(crate) what: String,
        pub(crate) safe: String,
        pub(crate) todo: String,
    }
    impl Failure {
        pub(crate) fn broken() -> Failure {
            Failure {
                code: None,
                what: "Chương trình có chỗ hỏng.".to_owned(),
                safe: "Sổ vẫn nguyên.".to_owned(),
                todo: "Làm lại.".to_owned(),
            }
        }
    }
    pub(crate) fn answer(
        _desk: &super::desk::Desk,
        _name: &str,
        _args: &str,
    ) -> Result<String, Failure> {
        Err(Failure::broken())
    }
}

pub(crate) mod desk {
    use std::path::PathBuf;

    pub(crate) struct Start {
        pub(crate) profile: PathBuf,
        #[cfg(feature = "demo")]
        pub(crate) seat: Option<String>,
    }
    pub(crate) struct Fault;
    impl Fault {
        pub(crate) fn failure(&self) -> super::contract::Failure {
            super::contract::Failure::broken()
        }
    }
    pub(crate) struct Desk;
    impl Desk {
        pub(crate) fn open(_start: Start) -> Result<Desk, Fault> {
            Ok(Desk)
        }
        pub(crate) fn blob_range(
            &self,
            _sha256: &str,
            _from: u64,
            _to: u64,
        ) -> Result<(Vec<u8>, u64, String), super::contract::Failure> {
            Err(super::contract::Failure::broken())
        }
        pub(crate) fn on_tell(&self, _hear: Box<dyn Fn(&[String]) + Send + Sync>) {}
    }
    pub(crate) fn profile_of_this_user() -> anyhow::Result<PathBuf> {
        Ok(std::env::temp_dir().join("vanthu"))
    }
}
