//! The promises of `Blobs`.
use std::sync::Barrier;

use server::{Blobs, Finished, StorageFault};
use sync::wire::{PART_BYTES, PartHashes};
use tokio::io::AsyncReadExt as _;

use crate::cast::{Making, ORG, OTHER, Scan, finishes, stored};

/// Over two calls of a store that takes a file piece by piece.
const LARGE_BYTES: u64 = (17 << 20) + 5;
const ROUNDS: u8 = 6;

fn read(blobs: &dyn Blobs, scan: &Scan, (from, bytes): (u64, u64)) -> Vec<u8> {
    let read = blobs.read(ORG, scan.blob, from, bytes).unwrap().unwrap();
    taken(read)
}

fn taken(mut read: impl tokio::io::AsyncRead + Unpin) -> Vec<u8> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut bytes = Vec::new();
    runtime.block_on(read.read_to_end(&mut bytes)).unwrap();
    bytes
}

pub fn parts_in_any_order_become_one_file_that_is_read_whole_and_in_spans<M: Making>() {
    let (making, scan) = (M::new(), Scan::of(PART_BYTES * 5 + 77, 1));
    let upload = scan.upload(ORG);
    let blobs = making.open();
    assert_eq!(blobs.size(ORG, scan.blob).unwrap(), None);
    assert!(matches!(finishes(&*blobs, &upload), Finished::Parts(_)));
    blobs
        .put(
            &upload,
            PART_BYTES * 2,
            &scan.bytes[(PART_BYTES * 2) as usize..][..PART_BYTES as usize],
        )
        .unwrap();
    drop(blobs);
    let blobs = making.open();
    assert_eq!(blobs.have(&upload).unwrap().missing(upload.size).count(), 5, "over a restart");
    scan.stores(&*blobs, ORG);
    assert!(scan.is_whole(&*blobs, ORG));
    assert_eq!(stored(&*blobs, ORG), [scan.blob]);
    assert_eq!(std::fs::read_dir(making.parts()).unwrap().count(), 0, "nothing is left of the way");
    assert!(read(&*blobs, &scan, (0, upload.size)) == scan.bytes);
    assert_eq!(read(&*blobs, &scan, (300_000, 7)), scan.bytes[300_000..300_007]);
    assert_eq!(read(&*blobs, &scan, (upload.size - 3, 90)), scan.bytes[upload.size as usize - 3..]);
    let span = (PART_BYTES, PART_BYTES + 9);
    let (hashes, checked) = blobs.read_checked(ORG, scan.blob, span).unwrap().unwrap();
    let checked = taken(checked);
    assert!(checked == scan.bytes[span.0 as usize..][..span.1 as usize]);
    assert_eq!(hashes, PartHashes::of(&checked));
}

pub fn a_large_file_is_stored_whole<M: Making>() {
    let (making, scan) = (M::new(), Scan::of(LARGE_BYTES, 2));
    let blobs = making.open();
    scan.stores(&*blobs, ORG);
    assert!(scan.is_whole(&*blobs, ORG));
    assert!(read(&*blobs, &scan, (0, LARGE_BYTES)) == scan.bytes);
}

pub fn a_file_of_which_a_part_is_lost_is_not_stored_until_it_came_again<M: Making>() {
    let (making, scan) = (M::new(), Scan::of(PART_BYTES * 3, 3));
    let (blobs, upload) = (making.open(), scan.upload(ORG));
    scan.puts(&*blobs, ORG);
    for entry in std::fs::read_dir(making.parts()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "marks") {
            std::fs::write(path, [1, 0, 1]).unwrap();
        }
    }
    let Finished::Parts(have) = finishes(&*blobs, &upload) else { panic!("stored by half") };
    assert_eq!(have.missing(upload.size).collect::<Vec<_>>(), [1]);
    assert_eq!(blobs.size(ORG, scan.blob).unwrap(), None);
    scan.stores(&*blobs, ORG);
    assert!(scan.is_whole(&*blobs, ORG));
}

pub fn what_is_not_of_its_hash_is_thrown_away_and_begins_anew<M: Making>() {
    let (making, scan) = (M::new(), Scan::of(PART_BYTES + 9, 4));
    let (blobs, upload) = (making.open(), scan.upload(ORG));
    scan.puts(&*blobs, ORG);
    blobs.put(&upload, 0, &vec![7; PART_BYTES as usize]).unwrap();
    let mut was_told = false;
    let mut tell = || {
        was_told = true;
        Ok(())
    };
    assert_eq!(blobs.finish(&upload, &mut tell).unwrap(), Finished::Wrong);
    assert!(!was_told && stored(&*blobs, ORG).is_empty() && making.copies() == 0);
    assert_eq!(blobs.have(&upload).unwrap().missing(upload.size).count(), 2);
    scan.stores(&*blobs, ORG);
    assert!(scan.is_whole(&*blobs, ORG));
}

pub fn a_file_that_may_not_be_stored_yet_keeps_its_parts<M: Making>() {
    let (making, scan) = (M::new(), Scan::of(PART_BYTES + 9, 5));
    let (blobs, upload) = (making.open(), scan.upload(ORG));
    scan.puts(&*blobs, ORG);
    let mut breaks = || Err(StorageFault::WriterGone);
    assert!(blobs.finish(&upload, &mut breaks).is_err());
    assert_eq!(blobs.size(ORG, scan.blob).unwrap(), None);
    assert_eq!(blobs.have(&upload).unwrap().missing(upload.size).count(), 0);
    assert_eq!(finishes(&*blobs, &upload), Finished::Stored);
    assert!(scan.is_whole(&*blobs, ORG));
}

pub fn to_name_a_hash_opens_nothing_of_another_agency<M: Making>() {
    let (making, scan) = (M::new(), Scan::of(900, 6));
    let blobs = making.open();
    scan.stores(&*blobs, ORG);
    assert_eq!(blobs.size(OTHER, scan.blob).unwrap(), None);
    assert!(blobs.read(OTHER, scan.blob, 0, 900).unwrap().is_none());
    assert!(blobs.read_checked(OTHER, scan.blob, (0, 900)).unwrap().is_none());
    assert!(blobs.hash(OTHER, scan.blob, 0, 900).unwrap().is_none());
    assert!(stored(&*blobs, OTHER).is_empty());
    assert!(!blobs.share(OTHER, ORG, scan.blob).unwrap(), "who has none has none to give");
    let have = blobs.have(&scan.upload(OTHER)).unwrap();
    assert_eq!(have.missing(900).count(), 1, "it has to send the bytes itself");
    blobs.remove(OTHER, scan.blob).unwrap();
    assert!(scan.is_whole(&*blobs, ORG));
}

pub fn what_is_shared_stays_with_the_one_when_the_other_lets_it_go<M: Making>() {
    let (making, scan) = (M::new(), Scan::of(PART_BYTES * 2, 7));
    let blobs = making.open();
    assert!(!blobs.share(ORG, OTHER, scan.blob).unwrap());
    scan.stores(&*blobs, ORG);
    assert!(blobs.share(ORG, OTHER, scan.blob).unwrap());
    assert!(blobs.share(ORG, OTHER, scan.blob).unwrap(), "once more does no harm");
    assert_eq!(making.copies(), 1);
    assert!(scan.is_whole(&*blobs, OTHER));
    blobs.remove(ORG, scan.blob).unwrap();
    assert_eq!(blobs.size(ORG, scan.blob).unwrap(), None);
    blobs.tidy(server::clock()).unwrap();
    assert!(scan.is_whole(&*blobs, OTHER));
    blobs.remove(OTHER, scan.blob).unwrap();
    blobs.remove(OTHER, scan.blob).unwrap();
    assert_eq!((blobs.size(OTHER, scan.blob).unwrap(), stored(&*blobs, OTHER)), (None, vec![]));
    scan.stores(&*blobs, ORG);
    assert!(scan.is_whole(&*blobs, ORG) && !scan.is_whole(&*blobs, OTHER));
}

pub fn two_places_over_one_store_see_the_same_files<M: Making>() {
    let (making, scan) = (M::new(), Scan::of(PART_BYTES + 1, 8));
    let (here, there) = (making.open(), making.elsewhere());
    scan.stores(&*here, ORG);
    assert!(scan.is_whole(&*there, ORG));
    assert!(there.share(ORG, OTHER, scan.blob).unwrap());
    here.remove(ORG, scan.blob).unwrap();
    assert!(!scan.is_whole(&*there, ORG) && scan.is_whole(&*here, OTHER));
    there.remove(OTHER, scan.blob).unwrap();
    assert!(stored(&*here, OTHER).is_empty());
}

pub fn two_that_finish_the_same_file_at_once_store_it<M: Making>() {
    let (making, scan) = (M::new(), Scan::of(PART_BYTES * 2 + 1, 9));
    let blobs = making.open();
    let uploads =
        [1, 2].map(|pc| server::Upload { dev: register::DeviceId([pc; 16]), ..scan.upload(ORG) });
    for upload in &uploads {
        blobs.put(upload, 0, &scan.bytes).unwrap();
    }
    let both = Barrier::new(2);
    std::thread::scope(|scope| {
        for upload in &uploads {
            scope.spawn(|| {
                both.wait();
                assert_eq!(finishes(&*blobs, upload), Finished::Stored);
            });
        }
    });
    assert!(scan.is_whole(&*blobs, ORG));
    assert_eq!(making.copies(), 1);
}

pub fn who_shares_while_it_is_taken_away_has_it_or_is_told<M: Making>() {
    let making = M::new();
    let (here, there) = (making.open(), making.elsewhere());
    for round in 0..ROUNDS {
        let scan = Scan::of(400, 20 + round);
        scan.stores(&*here, ORG);
        let both = Barrier::new(2);
        let is_shared = std::thread::scope(|scope| {
            scope.spawn(|| {
                both.wait();
                here.remove(ORG, scan.blob).unwrap();
                here.tidy(server::clock()).unwrap();
            });
            both.wait();
            there.share(ORG, OTHER, scan.blob).unwrap()
        });
        assert_eq!(scan.is_whole(&*there, OTHER), is_shared);
        assert!(!scan.is_whole(&*there, ORG));
    }
}
