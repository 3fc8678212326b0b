//! A release is what its publisher signed, and goes to whom it is for.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a broken expectation should stop the test where it stands"
)]
use register::{DeviceId, Moment};
use sync::SigningKey;
use sync::release::{
    Manifest, NotForUs, Platform, Program, Release, ReleaseFault, ReleaseFile, Sum, Version,
    is_staged,
};
use sync::wire::{Hex, Hex32};

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn public(seed: u8) -> Hex32 {
    Hex(key(seed).verifying_key().to_bytes())
}

fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

fn manifest() -> Manifest {
    let sum = |bytes| Sum { bytes, sha256: Hex([7; 32]) };
    Manifest {
        version: version("0.2.0"),
        platform: Platform::Windows,
        made: Moment(1_795_000_000_000),
        notes: "In sổ nhanh hơn.".to_owned(),
        register: 4,
        after: Some(version("0.1.2")),
        files: vec![ReleaseFile { program: Program::Window, plain: sum(9), packed: sum(5) }],
    }
}

#[test]
fn a_version_has_one_name_and_versions_have_an_order() {
    assert_eq!(version("1.20.3").to_string(), "1.20.3");
    for wrong in ["", "1", "1.2", "1.2.3.4", "01.2.3", "+1.2.3", "1.2.x", "1.2.65536", "1.2.-3"] {
        assert_eq!(Version::parse(wrong), None, "{wrong}");
    }
    assert!(version("0.2.0") < version("0.10.0"));
}

#[test]
fn a_release_is_read_only_as_it_was_signed_by_a_publisher_that_is_trusted() {
    let release = Release::sign(&manifest(), &key(1)).unwrap();
    assert_eq!(release.read(&[public(2), public(1)]), Ok(manifest()));
    assert_eq!(release.read(&[public(2)]), Err(ReleaseFault::UnknownKey));
    assert_eq!(release.read(&[]), Err(ReleaseFault::UnknownKey));
    let other = Release { raw: release.raw.replace("0.2.0", "0.3.0"), ..release.clone() };
    assert_eq!(other.read(&[public(1)]), Err(ReleaseFault::BadSignature));
    // Signed by somebody, and given out as another's.
    let theirs = Release { key: public(1), ..Release::sign(&manifest(), &key(2)).unwrap() };
    assert_eq!(theirs.read(&[public(1)]), Err(ReleaseFault::BadSignature));
}

#[test]
fn a_release_beyond_its_limits_is_neither_made_nor_read() {
    let long = Manifest { notes: "x".repeat(401), ..manifest() };
    let none = Manifest { files: Vec::new(), ..manifest() };
    let twice = Manifest { files: [manifest().files, manifest().files].concat(), ..manifest() };
    let mut large = manifest();
    large.files[0].plain.bytes = (256 << 20) + 1;
    let mut empty = manifest();
    empty.files[0].packed.bytes = 0;
    for wrong in [long, none, twice, large, empty] {
        assert_eq!(Release::sign(&wrong, &key(1)), Err(ReleaseFault::OutOfBounds));
    }
    let head = Release::sign(&manifest(), &key(1)).unwrap().head().unwrap();
    let (first, rest) = head.split_at(12);
    assert_eq!(Release::long(first.try_into().unwrap()), Ok(rest.len()));
    assert_eq!(Release::parse(rest).unwrap().read(&[public(1)]), Ok(manifest()));
    let far = *b"vanthur1\xff\xff\xff\xff";
    assert_eq!(Release::long(far), Err(ReleaseFault::OutOfBounds));
    assert_eq!(Release::long(*b"vanthur2\0\0\0\x01"), Err(ReleaseFault::Unreadable));
}

#[test]
fn a_pc_goes_on_to_what_is_newer_and_made_for_it_and_never_back() {
    let follows = |running, platform| manifest().may_follow(version(running), platform);
    assert_eq!(follows("0.1.2", Platform::Windows), Ok(()));
    assert_eq!(follows("0.1.1", Platform::Windows), Err(NotForUs::TooFar));
    assert_eq!(follows("0.2.0", Platform::Windows), Err(NotForUs::NotNewer));
    assert_eq!(follows("0.3.0", Platform::Windows), Err(NotForUs::NotNewer));
    assert_eq!(follows("0.1.2", Platform::Linux), Err(NotForUs::OtherPlatform));
    let mut tool = manifest();
    tool.files[0].program = Program::CommandLine;
    let said = tool.may_follow(version("0.1.2"), Platform::Windows);
    assert_eq!(said, Err(NotForUs::NoWindow));
}

#[test]
fn of_a_hundred_pcs_some_ten_begin_and_who_began_stays_as_the_number_rises() {
    let pcs = || (0..100_u8).map(|number| DeviceId([number; 16]));
    let among = |text: &str, percent| -> Vec<DeviceId> {
        pcs().filter(|dev| is_staged(*dev, version(text), percent)).collect()
    };
    let counts = [0, 10, 50, 100].map(|percent| among("0.2.0", percent).len());
    assert_eq!((counts[0], counts[3]), (0, 100));
    assert!((4..=18).contains(&counts[1]) && (38..=62).contains(&counts[2]), "{counts:?}");
    assert!(among("0.2.0", 10).iter().all(|dev| among("0.2.0", 50).contains(dev)));
    assert_ne!(among("0.2.0", 10), among("0.3.0", 10));
}
