//! Where files are kept in an object store, and with which key: what the operator writes.
use std::io;
use std::path::{Path, PathBuf};

use reqwest::Url;
use zeroize::Zeroizing;

/// The file with the key, for who does not set it in the environment: `NAME=value` a line, with the
/// names that the environment has for it.
pub const CREDENTIALS_FILE: &str = "blobs.credentials";
/// Of stores that know no regions.
const REGION: &str = "us-east-1";
const SCHEME: &str = "s3";
/// Three lines of a key are shorter by far.
const CREDENTIALS_BYTES_MAX: u64 = 16 << 10;

const KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET: &str = "AWS_SECRET_ACCESS_KEY";
const TOKEN: &str = "AWS_SESSION_TOKEN";

/// `s3://BUCKET/PREFIX?endpoint=URL&region=NAME`. No key stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketAddress {
    text: String,
    pub(super) bucket: String,
    /// Before the name of every object; may be empty.
    pub(super) prefix: String,
    /// Where the store is; none is Amazon's own.
    pub(super) endpoint: Option<String>,
    pub(super) region: String,
}

/// Why a text is no address of files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each is named and worded by what it says")]
pub enum NoBucket {
    #[error("not of the form s3://bucket/prefix")]
    Form,
    #[error("an option that is not known: {name}")]
    Option { name: String },
    #[error("a key has no place in an address")]
    Key,
    #[error("in the clear only to this machine")]
    InTheClear,
}

/// Why there is no key for the object store.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each is named and worded by what it says")]
pub enum NoCredentials {
    #[error("neither the environment nor {path} has the key of the object store")]
    Missing { path: PathBuf },
    #[error("others than its owner may read {path}")]
    OpenToOthers { path: PathBuf },
    #[error("{path} is not of the form NAME=value")]
    Form { path: PathBuf },
    #[error("reading {path}")]
    Read { path: PathBuf, source: io::Error },
}

impl BucketAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// [`NoBucket`].
    pub fn parse(text: &str) -> Result<BucketAddress, NoBucket> {
        let text = text.trim().to_owned();
        let url = Url::parse(&text).map_err(|_| NoBucket::Form)?;
        if url.scheme() != SCHEME || url.port().is_some() || url.fragment().is_some() {
            return Err(NoBucket::Form);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(NoBucket::Key);
        }
        let bucket = url.host_str().filter(|name| !name.is_empty()).ok_or(NoBucket::Form)?;
        let prefix = url.path().trim_matches('/').to_owned();
        let plain = |one: char| one.is_ascii_alphanumeric() || "-_./".contains(one);
        if !prefix.chars().all(plain) || prefix.split('/').any(|part| part == "..") {
            return Err(NoBucket::Form);
        }
        let mut address = BucketAddress {
            bucket: bucket.to_owned(),
            prefix,
            endpoint: None,
            region: REGION.to_owned(),
            text: text.clone(),
        };
        for (name, value) in url.query_pairs() {
            match &*name {
                "endpoint" => address.endpoint = Some(endpoint(&value)?),
                "region" => address.region = value.into_owned(),
                _ => return Err(NoBucket::Option { name: name.into_owned() }),
            }
        }
        Ok(address)
    }

    /// As the operator wrote it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether what goes there is not sealed.
    pub(super) fn is_in_the_clear(&self) -> bool {
        self.endpoint.as_ref().is_some_and(|endpoint| endpoint.starts_with("http:"))
    }
}

/// Over a network only sealed, as everything else of this server.
fn endpoint(text: &str) -> Result<String, NoBucket> {
    let url = Url::parse(text).map_err(|_| NoBucket::Form)?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
        return Err(NoBucket::Key);
    }
    let is_here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match url.scheme() {
        "https" => Ok(text.trim_end_matches('/').to_owned()),
        "http" if is_here => Ok(text.trim_end_matches('/').to_owned()),
        "http" => Err(NoBucket::InTheClear),
        _ => Err(NoBucket::Form),
    }
}

/// What opens the object store. Nothing prints it.
pub(crate) struct Credentials {
    pub id: String,
    pub secret: Zeroizing<String>,
    pub token: Option<Zeroizing<String>>,
}

impl Credentials {
    /// The key of a server: from a file of its folder that only its owner can read, else from the
    /// environment.
    pub fn of(dir: &Path) -> Result<Credentials, NoCredentials> {
        let path = dir.join(CREDENTIALS_FILE);
        let text = match std::fs::metadata(&path) {
            Ok(about) if is_open_to_others(&about) => {
                return Err(NoCredentials::OpenToOthers { path });
            }
            Ok(about) if about.len() > CREDENTIALS_BYTES_MAX => {
                return Err(NoCredentials::Form { path });
            }
            Ok(_) => std::fs::read_to_string(&path),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
                let of_environment = |name: &str| std::env::var(name).ok();
                return Credentials::from(of_environment).ok_or(NoCredentials::Missing { path });
            }
            Err(source) => Err(source),
        };
        let text = match text {
            Ok(text) => Zeroizing::new(text),
            Err(source) => return Err(NoCredentials::Read { path, source }),
        };
        let of_file = |name: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once('='));
            let found = lines.find(|(named, _)| named.trim() == name);
            found.map(|(_, value)| value.trim().to_owned())
        };
        Credentials::from(of_file).ok_or(NoCredentials::Form { path })
    }

    fn from(named: impl Fn(&str) -> Option<String>) -> Option<Credentials> {
        let said = |name| named(name).filter(|value| !value.is_empty());
        let (id, secret) = said(KEY_ID).zip(said(SECRET))?;
        let (secret, token) = (Zeroizing::new(secret), said(TOKEN).map(Zeroizing::new));
        Some(Credentials { id, secret, token })
    }
}

#[cfg(unix)]
fn is_open_to_others(about: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(about) & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::{BucketAddress, NoBucket};

    fn read(text: &str) -> Result<BucketAddress, NoBucket> {
        BucketAddress::parse(text)
    }

    #[test]
    fn an_address_names_bucket_prefix_endpoint_and_region() {
        let address = read("s3://tep/xa/an-hieu?endpoint=https://s3.vn:9000/&region=hn\n").unwrap();
        assert_eq!((&*address.bucket, &*address.prefix), ("tep", "xa/an-hieu"));
        assert_eq!(address.endpoint.as_deref(), Some("https://s3.vn:9000"));
        assert_eq!(&*address.region, "hn");
        assert_eq!(read("s3://tep").unwrap().endpoint, None);
    }

    #[test]
    fn what_is_no_address_or_would_tell_a_secret_is_refused() {
        assert_eq!(read("tep"), Err(NoBucket::Form));
        assert_eq!(read("https://tep/x"), Err(NoBucket::Form));
        assert_eq!(read("s3:///x"), Err(NoBucket::Form));
        assert_eq!(read("s3://tep/a%20b"), Err(NoBucket::Form));
        assert_eq!(read("s3://id:secret@tep/x"), Err(NoBucket::Key));
        assert_eq!(read("s3://tep/x?endpoint=https://a:b@s3.vn"), Err(NoBucket::Key));
        let in_the_clear = read("s3://tep/x?endpoint=http://10.0.0.7:9000");
        assert_eq!(in_the_clear, Err(NoBucket::InTheClear));
        assert!(read("s3://tep/x?endpoint=http://127.0.0.1:9000").is_ok());
        let named = read("s3://tep/x?secret=1");
        assert_eq!(named, Err(NoBucket::Option { name: "secret".into() }));
    }
}
