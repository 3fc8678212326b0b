//! Stored files on real disks: whole, in ranges, damaged, exchanged, too large, still growing.
use std::fs::{File, OpenOptions};
use std::io::{Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::{fs, io};

use sha2::{Digest, Sha256};

use register::BlobId;

use crate::keys::BlobKey;

use super::{BlobError, Blobs, CHUNK_BYTES, HEAD_BYTES, TAG_BYTES, TEMPORARY, disk, unchanged};

const MAX: u64 = 64 << 20;

fn key() -> BlobKey {
    BlobKey::new([7; 32])
}

fn blobs(folder: &Path) -> Blobs {
    Blobs::open(&folder.join("blobs"), &key()).unwrap()
}

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|at| (at.wrapping_mul(2_654_435_761) >> 7) as u8).collect()
}

fn left_overs(blobs: &Blobs) -> usize {
    let entries = fs::read_dir(&blobs.folder).unwrap().map(|entry| entry.unwrap().file_name());
    entries.filter(|name| name.to_str().unwrap().starts_with(TEMPORARY)).count()
}

#[test]
fn a_file_of_any_size_comes_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs(folder.path());
    for size in [1, 1000, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 300_000] {
        let plain = bytes(size);
        let stored = blobs.put(&mut plain.as_slice(), MAX).unwrap();
        assert_eq!(stored.size, size as u64);
        assert_eq!(stored.id.0, <[u8; 32]>::from(Sha256::digest(&plain)));
        let mut back = Vec::new();
        blobs.open_read(stored.id).unwrap().read_to_end(&mut back).unwrap();
        assert!(back == plain);
        assert_eq!(blobs.verify(stored.id).unwrap(), size as u64);
    }
    assert_eq!(left_overs(&blobs), 0);
}

#[test]
fn any_range_is_the_same_bytes_as_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs(folder.path());
    let plain = bytes(200_000);
    let id = blobs.put(&mut plain.as_slice(), MAX).unwrap().id;
    let edges = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 199_999, 200_000, 250_000];
    for from in edges {
        for len in [0, 1, 15, CHUNK_BYTES, 2 * CHUNK_BYTES + 1, usize::MAX] {
            let (found, total) = blobs.range(id, from as u64, len).unwrap();
            let start = from.min(plain.len());
            let end = start.saturating_add(len).min(plain.len());
            assert!(found == plain[start..end], "from {from}, {len} bytes");
            assert_eq!(total, 200_000);
        }
    }
    assert_eq!(blobs.range(id, u64::MAX, 1).unwrap(), (Vec::new(), 200_000));
}

#[test]
fn a_reader_seeks_from_start_end_and_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs(folder.path());
    let plain = bytes(150_000);
    let id = blobs.put(&mut plain.as_slice(), MAX).unwrap().id;
    let mut file = blobs.open_read(id).unwrap();
    let mut model = Cursor::new(&plain);
    let places = [
        SeekFrom::End(-10),
        SeekFrom::Current(5),
        SeekFrom::Start(65_530),
        SeekFrom::Current(-60_000),
        SeekFrom::End(10),
    ];
    for place in places {
        assert_eq!(file.seek(place).unwrap(), model.seek(place).unwrap());
        let (mut from_file, mut from_model) = (Vec::new(), Vec::new());
        Read::by_ref(&mut file).take(20).read_to_end(&mut from_file).unwrap();
        Read::by_ref(&mut model).take(20).read_to_end(&mut from_model).unwrap();
        assert_eq!(from_file, from_model);
    }
    assert!(file.seek(SeekFrom::Start(0)).is_ok() && file.seek(SeekFrom::Current(-1)).is_err());
}

#[test]
fn the_same_bytes_are_stored_once() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs(folder.path());
    let first = blobs.put(&mut bytes(70_000).as_slice(), MAX).unwrap();
    let sealed = fs::read(blobs.file_of(first.id)).unwrap();
    let second = blobs.put(&mut bytes(70_000).as_slice(), MAX).unwrap();
    assert_eq!(first, second);
    assert!(fs::read(blobs.file_of(first.id)).unwrap() == sealed);
    assert_eq!(left_overs(&blobs), 0);
    assert_eq!(blobs.ids_under(first.id.0[0]).unwrap(), [first.id]);
}

#[test]
fn nothing_of_a_file_stands_in_clear_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs(folder.path());
    let plain = b"Uy ban nhan dan xa An Hieu ".repeat(5000);
    let id = blobs.put(&mut plain.as_slice(), MAX).unwrap().id;
    let sealed = fs::read(blobs.file_of(id)).unwrap();
    assert!(!sealed.windows(8).any(|window| window == b"An Hieu "));
    let other = Blobs::open(&folder.path().join("blobs"), &BlobKey::new([8; 32])).unwrap();
    assert!(matches!(other.open_read(id), Err(BlobError::Damaged { .. })));
}

#[test]
fn a_flipped_bit_a_cut_or_a_longer_file_is_damage_and_putting_it_again_heals_it() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs(folder.path());
    let plain = bytes(150_000);
    let id = blobs.put(&mut plain.as_slice(), MAX).unwrap().id;
    let path = blobs.file_of(id);
    let good = fs::read(&path).unwrap();
    let second_chunk = HEAD_BYTES + CHUNK_BYTES + TAG_BYTES;
    for at in [0, 9, 17, 40, HEAD_BYTES, second_chunk, good.len() - 1] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(&path, &bad).unwrap();
        assert!(matches!(blobs.verify(id), Err(BlobError::Damaged { .. })), "byte {at}");
    }
    for length in [0, 1, HEAD_BYTES - 1, HEAD_BYTES, second_chunk, good.len() - 1] {
        fs::write(&path, &good[..length]).unwrap();
        assert!(matches!(blobs.range(id, 0, 10), Err(BlobError::Damaged { .. })), "cut {length}");
    }
    fs::write(&path, [good.as_slice(), b"more"].concat()).unwrap();
    assert!(matches!(blobs.verify(id), Err(BlobError::Damaged { .. })));
    blobs.put(&mut plain.as_slice(), MAX).unwrap();
    assert_eq!(blobs.verify(id).unwrap(), 150_000);
}

#[test]
fn two_files_whose_names_were_exchanged_do_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs(folder.path());
    let one = blobs.put(&mut bytes(100).as_slice(), MAX).unwrap().id;
    let two = blobs.put(&mut bytes(101).as_slice(), MAX).unwrap().id;
    fs::copy(blobs.file_of(one), blobs.file_of(two)).unwrap();
    assert!(matches!(blobs.range(two, 0, 10), Err(BlobError::Damaged { .. })));
    blobs.verify(one).unwrap();
}

#[test]
fn chunks_of_one_file_cannot_change_places() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs(folder.path());
    let id = blobs.put(&mut bytes(2 * CHUNK_BYTES).as_slice(), MAX).unwrap().id;
    let path = blobs.file_of(id);
    let mut sealed = fs::read(&path).unwrap();
    sealed[HEAD_BYTES..].rotate_left(CHUNK_BYTES + TAG_BYTES);
    fs::write(&path, &sealed).unwrap();
    assert!(matches!(blobs.verify(id), Err(BlobError::Damaged { .. })));
}

#[test]
fn a_file_of_two_gigabytes_is_refused_by_its_size() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs(folder.path());
    let path = folder.path().join("huge.pdf");
    File::create(&path).unwrap().set_len(2 << 30).unwrap();
    let answer = blobs.put_path(&path, MAX);
    assert!(matches!(answer, Err(BlobError::TooLarge { size, max: MAX }) if size == 2 << 30));
}

#[test]
fn a_stream_without_end_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs(folder.path());
    let answer = blobs.put(&mut io::repeat(1), 1 << 20);
    assert!(matches!(answer, Err(BlobError::TooLarge { .. })));
    assert_eq!(left_overs(&blobs), 0);
    assert!(blobs.put(&mut io::repeat(1).take(1 << 20), 1 << 20).is_ok());
}

#[test]
fn an_empty_file_a_folder_and_a_missing_file_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs(folder.path());
    assert!(matches!(blobs.put(&mut io::empty(), MAX), Err(BlobError::Empty)));
    let path = folder.path().join("empty.pdf");
    File::create(&path).unwrap();
    assert!(matches!(blobs.put_path(&path, MAX), Err(BlobError::Empty)));
    assert!(matches!(blobs.put_path(folder.path(), MAX), Err(BlobError::NotAFile { .. })));
    let nowhere = folder.path().join("nowhere.pdf");
    assert!(matches!(blobs.put_path(&nowhere, MAX), Err(BlobError::Source { .. })));
    assert!(matches!(blobs.verify(BlobId([0; 32])), Err(BlobError::Missing { .. })));
    assert_eq!(left_overs(&blobs), 0);
}

#[test]
fn a_file_that_grows_while_it_is_read_is_refused() {
    // The scanner appends when the first bytes have been read.
    struct Growing<'a>(&'a Path, File);
    impl Read for Growing<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let mut more = OpenOptions::new().append(true).open(self.0)?;
            more.write_all(b"another page")?;
            self.1.read(into)
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs(folder.path());
    let path = folder.path().join("scan.pdf");
    fs::write(&path, bytes(1000)).unwrap();
    let before = fs::metadata(&path).unwrap();
    let mut growing = Growing(&path, File::open(&path).unwrap()).take(1001);
    let answer = blobs.put_if(&mut growing, MAX, |_| unchanged(&path, &before, 1000));
    assert!(matches!(answer, Err(BlobError::Changed { .. })));
    assert_eq!(left_overs(&blobs), 0);
    assert_eq!(blobs.put_path(&path, MAX).unwrap().size, fs::metadata(&path).unwrap().len());
}

#[test]
fn what_a_killed_program_left_is_swept_and_what_is_being_written_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs(folder.path());
    let (killed, file) = blobs.temporary().unwrap();
    drop(file);
    let (alive, _file) = blobs.temporary().unwrap();
    let id = blobs.put(&mut bytes(100).as_slice(), MAX).unwrap().id;
    assert_eq!(blobs.sweep_temporary().unwrap(), 1);
    assert!(!killed.exists() && alive.exists());
    blobs.verify(id).unwrap();
}

#[test]
fn many_threads_storing_the_same_file_agree() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs(folder.path());
    let plain = bytes(90_000);
    std::thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| blobs.put(&mut plain.as_slice(), MAX).unwrap());
        }
    });
    let id = BlobId(Sha256::digest(&plain).into());
    assert_eq!(blobs.verify(id).unwrap(), 90_000);
    assert_eq!(left_overs(&blobs), 0);
}

#[test]
fn a_full_disk_and_a_closed_one_are_errors_of_their_own() {
    let path = Path::new("blobs");
    let full = disk("writing", path)(io::ErrorKind::StorageFull.into());
    assert!(matches!(full, BlobError::DiskFull { .. }));
    let closed = disk("writing", path)(io::ErrorKind::ReadOnlyFilesystem.into());
    assert!(matches!(closed, BlobError::ReadOnly { .. }));
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("blobs");
    fs::write(&taken, b"a file where the folder should be").unwrap();
    assert!(matches!(Blobs::open(&taken, &key()), Err(BlobError::Disk { .. })));
}
