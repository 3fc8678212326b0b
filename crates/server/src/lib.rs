//! The server: one ordered log per agency, states for those who may see them, guarded doors.
//!
//! What is deliberately absent: rules of the register (they are `register`'s, the same as on every
//! PC) and every decision by the clock.

mod blobs;
mod choosing;
mod copying;
mod export;
mod fault;
mod heads;
mod http;
mod identity;
mod ledger;
mod migration;
mod moving;
mod overview;
mod peers;
mod postgres;
mod sqlite;
mod states;
mod storage;
mod tls;
mod verify;

pub use blobs::{
    Blobs, BlobsInBucket, BlobsInFolder, BucketAddress, CREDENTIALS_FILE, FilesMoved, Finished,
    NoBucket, NoCredentials, OnStored, Put, Upload, move_files,
};
pub use choosing::{
    ADDRESS_FILE, BUCKET_FILE, Kind, address_of, bucket_of, kind_of, open_blobs, open_bucket,
    open_storage, write_address, write_bucket,
};
pub use copying::{
    AgencyCopied, BLOBS_FOLDER, CopyFault, Manifest, Restored, STORAGE_FILE, WithKey, began_anew,
    copied_with, copy_server, manifest_of, restore,
};
pub use export::{ExportFault, ExportHead, export, verify_export};
pub use fault::{CallError, StorageFault};
pub use heads::{Grown, Heads};
pub use http::{Patience, chance, clock, serve, serve_behind, serve_patiently};
pub use identity::{Identity, is_there_already, make_folder};
pub use ledger::{
    Anyway, CODE_BYTES, Carried, House, Keeper, Ledger, Measured, NotAKeeper, NotAPeer,
    NotARelease, PartsSent, Peer, PeerAtAGlance, ReleaseAtAGlance, StatementsVerified, TakenAway,
    all_stated, carries, move_directory, release_house, verify_statements, watches,
};
pub use moving::{MoveFault, Moved, move_agency, move_codes, move_peers, move_releases};
pub use overview::{AtAGlance, overview};
pub use peers::{
    Exchanged, Frame, Greets, LineFault, OnStick, STICK_BYTES_MAX, StickFault, StickReader,
    StickWriter, Unpacked, exchange, exchanges, is_peer_address, pack, unpack,
};
pub use postgres::PostgresStorage;
pub use sqlite::SqliteStorage;
pub use storage::{
    Behind, BlobUse, Code, Commits, DeviceKey, Entry, Fate, Filed, Found, Fresh, Histories, Home,
    Kept, OnBlobUse, OnEntry, OnHistory, OnState, Org, Out, Proof, Reading, Session, Soon, Span,
    StatementKept, Storage, Waits, Whither, WriteJob, Writing, looked_up, looked_up_lightly,
    written, written_soon,
};
pub use tls::{CertificateFault, TlsListener, certificate};
pub use verify::{Flaw, Verified, verify, verify_with_files};
