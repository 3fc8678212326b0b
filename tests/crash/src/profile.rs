//! A profile on disk as it is after the desk was stopped, looked at without the desk.
use std::path::Path;

use anyhow::{Context, Result};

use desk::REGISTER_FILE;
use desk::blobs::Blobs;
use desk::keyring::{Keyring, Unlocked};
use register::{BlobId, Direction, DocumentId, State};
use store::{FileKey, OpenOptions, Store, StoreError, View};

use crate::registrar::{PIN, REGISTERED};
use crate::shown::{Shown, Tally, what_is_there};

/// Folder of the files inside a profile.
const BLOBS_FOLDER: &str = "blobs";
/// Lines of a book read together.
const LINES_TOGETHER: u32 = 500;

/// Opens the keys of a profile.
///
/// # Errors
/// When there is no whole keyring.
pub fn keys_of(profile: &Path) -> Result<Unlocked> {
    let keyring = Keyring::load(profile).context("loading the keyring")?;
    let officers = keyring.officers().context("listing the officers")?;
    let clerk = officers.first().context("nobody has a PIN")?.id;
    keyring.unlock(clerk, PIN).context("unlocking")
}

/// Compares a profile with what was shown of it: numbers, files, every invariant. At most
/// `under_way` documents that were not shown may be there as well.
pub fn look(profile: &Path, keys: &Unlocked, (shown, under_way): (&Shown, u64), tally: &mut Tally) {
    let key = FileKey(*keys.file_key.bytes());
    let store = match Store::open(&profile.join(REGISTER_FILE), &key, &OpenOptions::default()) {
        Ok(store) => store,
        Err(fault) => {
            tally.shown += shown.documents.len() as u64;
            tally.lost += shown.documents.len() as u64;
            return tally.unclean(format!("the register does not open: {fault:?}"));
        }
    };
    match what_is_there(&store) {
        Ok(there) => tally.compare(shown, &there, under_way),
        Err(fault) => return tally.unclean(format!("it cannot be read: {fault:?}")),
    }
    tally.verify(&store);
    if let Err(fault) = desk::heights::check(profile, &store) {
        tally.unclean(format!("the desk would not open it: {fault:?}"));
    }
    let blobs = Blobs::open(&profile.join(BLOBS_FOLDER), &keys.blob_key);
    match blobs.context("opening the files").and_then(|blobs| check_files(&store, &blobs, tally)) {
        Ok(()) => {}
        Err(fault) => tally.unclean(format!("the files cannot be looked at: {fault:?}")),
    }
}

/// Every file that a registered document names is there and whole.
fn check_files(store: &Store, blobs: &Blobs, tally: &mut Tally) -> Result<()> {
    for (number, blob) in store.read(files_named)? {
        if let Err(fault) = blobs.verify(blob) {
            tally.lost += 1;
            tally.unclean(format!("the file of number {number}: {fault:?}"));
        }
    }
    Ok(())
}

fn files_named(view: &View<'_>) -> Result<Vec<(u32, BlobId)>, StoreError> {
    let mut named = Vec::new();
    for book in view.books()? {
        for year in book.years.keys().filter(|_| book.direction == Direction::Incoming) {
            let mut from = 1;
            loop {
                let lines = view.book_lines(book.id, *year, from, LINES_TOGETHER)?;
                let Some(last) = lines.last().map(|line| line.number) else { break };
                for line in lines {
                    if let State::Incoming(document) = line.state {
                        named.extend(document.attachments.iter().map(|f| (line.number, f.blob)));
                    }
                }
                from = last + 1;
            }
        }
    }
    Ok(named)
}

/// A whole line that the registrar said, as what it shows.
pub fn shown_by(line: &str) -> Option<(u32, DocumentId)> {
    let (number, id) = line.strip_prefix(REGISTERED)?.trim().split_once(' ')?;
    Some((number.parse().ok()?, DocumentId::parse(id).ok()?))
}
