//! Places for files, and files to try them with.
use std::path::PathBuf;
use std::sync::Arc;

use register::{AgencyId, BlobId, DeviceId};
use s3_server::S3Server;
use server::{Blobs, BlobsInFolder, BucketAddress, Finished, Put, Upload, open_bucket};
use sha2::{Digest, Sha256};
use sync::wire::{PART_BYTES, parts_of};
use tempfile::TempDir;

pub const ORG: AgencyId = AgencyId([1; 16]);
pub const OTHER: AgencyId = AgencyId([2; 16]);
pub const PC: DeviceId = DeviceId([3; 16]);

/// Makes places of one kind; opened twice, it is the same one.
pub trait Making {
    fn new() -> Self;
    fn open(&self) -> Arc<dyn Blobs>;
    /// The folder of what is under way.
    fn parts(&self) -> PathBuf;
    /// The same from another machine, where there is such a thing.
    fn elsewhere(&self) -> Arc<dyn Blobs>;
    /// How many times the bytes of files are there.
    fn copies(&self) -> usize;
}

pub struct Folder(TempDir);

impl Making for Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn open(&self) -> Arc<dyn Blobs> {
        Arc::new(BlobsInFolder::new(&self.0.path().join("blobs")))
    }

    fn parts(&self) -> PathBuf {
        self.0.path().join("blobs").join(ORG.hex()).join("parts")
    }

    fn elsewhere(&self) -> Arc<dyn Blobs> {
        self.open()
    }

    fn copies(&self) -> usize {
        let mut found = std::collections::BTreeSet::new();
        for org in [ORG, OTHER] {
            let shelves = std::fs::read_dir(self.0.path().join("blobs").join(org.hex()));
            for shelf in shelves.into_iter().flatten().map(|shelf| shelf.unwrap().path()) {
                if shelf.ends_with("parts") {
                    continue;
                }
                for file in std::fs::read_dir(shelf).unwrap() {
                    let about = file.unwrap().metadata().unwrap();
                    found.insert(std::os::unix::fs::MetadataExt::ino(&about));
                }
            }
        }
        found.len()
    }
}

pub struct Bucket {
    pub store: S3Server,
    here: TempDir,
    there: TempDir,
}

impl Bucket {
    fn open_in(&self, folder: &TempDir) -> server::BlobsInBucket {
        self.store.write_key(folder.path()).unwrap();
        let address = BucketAddress::parse(&self.store.address("xa/an-hieu")).unwrap();
        open_bucket(folder.path(), &address).unwrap()
    }

    pub fn open_here(&self) -> server::BlobsInBucket {
        self.open_in(&self.here)
    }

    /// The names of all bytes.
    pub fn bytes(&self) -> Vec<String> {
        let mut objects = self.store.objects().unwrap();
        objects.retain(|name| name.starts_with("xa/an-hieu/files/"));
        objects
    }
}

impl Making for Bucket {
    fn new() -> Bucket {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        Bucket { store: S3Server::start().unwrap(), here, there }
    }

    fn open(&self) -> Arc<dyn Blobs> {
        Arc::new(self.open_here())
    }

    fn parts(&self) -> PathBuf {
        self.here.path().join("blobs").join(ORG.hex()).join("parts")
    }

    fn elsewhere(&self) -> Arc<dyn Blobs> {
        Arc::new(self.open_in(&self.there))
    }

    fn copies(&self) -> usize {
        self.bytes().len()
    }
}

/// A scan, and what it is called.
pub struct Scan {
    pub bytes: Vec<u8>,
    pub blob: BlobId,
}

impl Scan {
    pub fn of(size: u64, seed: u8) -> Scan {
        let bytes: Vec<u8> = (0..size).map(|at| (at / 7 + at % 251) as u8 ^ seed).collect();
        Scan { blob: BlobId(Sha256::digest(&bytes).into()), bytes }
    }

    pub fn upload(&self, org: AgencyId) -> Upload {
        Upload { org, dev: PC, blob: self.blob, size: self.bytes.len() as u64 }
    }

    /// Puts every part that is missing, in an order of its own.
    pub fn puts(&self, blobs: &dyn Blobs, org: AgencyId) {
        let upload = self.upload(org);
        let have = blobs.have(&upload).unwrap();
        for part in (0..parts_of(upload.size)).rev().filter(|part| !have.has(*part)) {
            let from = (part * PART_BYTES) as usize;
            let end = self.bytes.len().min(from + PART_BYTES as usize);
            let put = blobs.put(&upload, from as u64, &self.bytes[from..end]).unwrap();
            assert!(matches!(put, Put::Kept(_)));
        }
    }

    pub fn stores(&self, blobs: &dyn Blobs, org: AgencyId) {
        self.puts(blobs, org);
        assert_eq!(finishes(blobs, &self.upload(org)), Finished::Stored);
    }

    pub fn is_whole(&self, blobs: &dyn Blobs, org: AgencyId) -> bool {
        let size = self.bytes.len() as u64;
        blobs.size(org, self.blob).unwrap() == Some(size)
            && blobs.hash(org, self.blob, 0, size).unwrap() == Some(self.blob.0)
    }
}

pub fn finishes(blobs: &dyn Blobs, upload: &Upload) -> Finished {
    blobs.finish(upload, &mut || Ok(())).unwrap()
}

/// The files an agency has.
pub fn stored(blobs: &dyn Blobs, org: AgencyId) -> Vec<BlobId> {
    let mut found = Vec::new();
    blobs
        .stored(org, &mut |blob, at| {
            assert!(at.0 > 0);
            found.push(blob);
        })
        .unwrap();
    found
}
