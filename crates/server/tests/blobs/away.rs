//! A store that is away, or loses something; and bytes that nobody has any more.
use std::time::{Duration, Instant};

use register::Moment;
use server::{Blobs as _, Finished, StorageFault};
use sync::wire::PART_BYTES;

use crate::cast::{Bucket, Making as _, ORG, OTHER, Scan, finishes, stored};

/// Over one call of a store that takes a file piece by piece.
const LARGE_BYTES: u64 = (9 << 20) + 5;
/// No file needs so many calls.
const CALLS_MAX: u64 = 40;
/// Far below what the store is waited for elsewhere.
const SOON: Duration = Duration::from_secs(5);
const HOUR_MS: i64 = 3_600_000;

fn is_away<T>(told: Result<T, StorageFault>) -> bool {
    matches!(told, Err(StorageFault::BucketAway { .. }))
}

/// The store goes away before each call of the way up in turn. What was told stored is there; of
/// everything else the parts are, and the next try goes on.
fn is_cut_everywhere(scan: &Scan) {
    let bucket = Bucket::new();
    let upload = scan.upload(ORG);
    for calls in 0..CALLS_MAX {
        let blobs = bucket.open_here();
        scan.puts(&blobs, ORG);
        bucket.store.answers_only(calls);
        let told = blobs.finish(&upload, &mut || Ok(()));
        bucket.store.answers();
        // Another process begins where that one was ended.
        let next = bucket.open_here();
        if let Ok(told) = told {
            assert_eq!(told, Finished::Stored);
            assert!(scan.is_whole(&next, ORG));
            assert!(calls >= 3, "only {calls} calls could be cut");
            return;
        }
        assert!(is_away(told), "after {calls} calls");
        assert_eq!(next.have(&upload).unwrap().missing(upload.size).count(), 0, "{calls}");
        if calls % 2 == 0 {
            assert_eq!(finishes(&next, &upload), Finished::Stored);
            assert!(scan.is_whole(&next, ORG), "{calls}");
            next.remove(ORG, scan.blob).unwrap();
        }
    }
    panic!("it was never stored");
}

#[test]
fn a_store_that_goes_away_at_any_call_leaves_the_parts_of_a_small_file() {
    is_cut_everywhere(&Scan::of(PART_BYTES + 7, 1));
}

#[test]
fn a_store_that_goes_away_at_any_call_leaves_the_parts_of_a_large_file() {
    is_cut_everywhere(&Scan::of(LARGE_BYTES, 2));
}

#[test]
fn parts_that_change_after_they_were_looked_over_are_never_stored() {
    for (size, seed) in [(PART_BYTES * 2, 7), (LARGE_BYTES, 8)] {
        let (bucket, scan) = (Bucket::new(), Scan::of(size, seed));
        let (blobs, upload) = (bucket.open_here(), scan.upload(ORG));
        scan.puts(&blobs, ORG);
        let mut spoils = || {
            let spoiled = vec![seed; PART_BYTES as usize];
            blobs.put(&upload, PART_BYTES, &spoiled).map(|_| ())
        };
        assert_eq!(blobs.finish(&upload, &mut spoils).unwrap(), Finished::Wrong);
        assert_eq!((blobs.size(ORG, scan.blob).unwrap(), bucket.bytes()), (None, vec![]));
        scan.stores(&blobs, ORG);
        assert!(scan.is_whole(&blobs, ORG));
    }
}

#[test]
fn a_store_that_says_nothing_is_left_soon_by_the_writer_and_nobody_asks_it_again_at_once() {
    let (bucket, scan) = (Bucket::new(), Scan::of(900, 3));
    let blobs = bucket.open_here();
    scan.stores(&blobs, ORG);
    bucket.store.hangs();
    let begun = Instant::now();
    assert!(is_away(blobs.remove(ORG, scan.blob)));
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    bucket.store.answers_only(0);
    assert!(is_away(blobs.size(ORG, scan.blob)));
    let calls = bucket.store.calls();
    for _ in 0..100 {
        assert!(is_away(blobs.size(ORG, scan.blob)));
    }
    assert_eq!(bucket.store.calls(), calls, "it was away a moment ago");
    bucket.store.answers();
    let again = bucket.open_here();
    assert!(scan.is_whole(&again, ORG));
}

#[test]
fn a_file_whose_bytes_the_store_has_lost_is_not_there_and_may_be_sent_again() {
    let (bucket, scan) = (Bucket::new(), Scan::of(PART_BYTES, 4));
    let blobs = bucket.open_here();
    scan.stores(&blobs, ORG);
    blobs.share(ORG, OTHER, scan.blob).unwrap();
    for bytes in bucket.bytes() {
        bucket.store.loses(&bytes).unwrap();
    }
    assert_eq!(blobs.size(ORG, scan.blob).unwrap(), None);
    assert!(blobs.read(ORG, scan.blob, 0, 9).unwrap().is_none());
    assert!(!blobs.share(ORG, OTHER, scan.blob).unwrap());
    scan.stores(&blobs, ORG);
    assert!(scan.is_whole(&blobs, ORG) && !scan.is_whole(&blobs, OTHER));
    assert!(blobs.share(ORG, OTHER, scan.blob).unwrap() && scan.is_whole(&blobs, OTHER));
}

#[test]
fn bytes_go_when_two_looks_half_a_day_apart_found_that_nobody_has_them() {
    let bucket = Bucket::new();
    let (kept, gone) = (Scan::of(700, 5), Scan::of(800, 6));
    let blobs = bucket.open_here();
    let at = |hours: i64| Moment(server::clock().0 + hours * HOUR_MS);
    for scan in [&kept, &gone] {
        scan.stores(&blobs, ORG);
        blobs.share(ORG, OTHER, scan.blob).unwrap();
        blobs.remove(ORG, scan.blob).unwrap();
    }
    blobs.tidy(at(0)).unwrap();
    blobs.tidy(at(24)).unwrap();
    assert_eq!(bucket.bytes().len(), 2, "another agency has them");
    blobs.remove(OTHER, gone.blob).unwrap();
    blobs.tidy(at(48)).unwrap();
    blobs.tidy(at(59)).unwrap();
    assert_eq!(bucket.bytes().len(), 2, "somebody may be about to share them");
    // Sent anew between two looks, it stands under another name, and the old one still goes.
    gone.stores(&blobs, ORG);
    blobs.tidy(at(61)).unwrap();
    assert_eq!(bucket.bytes().len(), 2);
    assert!(gone.is_whole(&blobs, ORG) && kept.is_whole(&blobs, OTHER));
    assert_eq!((stored(&blobs, ORG), stored(&blobs, OTHER)), (vec![gone.blob], vec![kept.blob]));
}
