//! Files on sticks of every shape: read or refused, in little memory.
use mangled::{Mangler, mangles};
use register::BlobId;
use sha2::Digest as _;
use sync::peer::{Seal, SealedBag};
use sync::wire::{Hex, PARTS_BYTES_MAX};

use super::{FRAME_BYTES_MAX, Frame, Frames, OF_BAG, OF_END, StickFault, StickReader, StickWriter};
use crate::identity::Identity;

/// Files read in the tests of every day.
const ROUNDS: u64 = 3_000;
/// One file in so many has a frame as large as one may be.
const LARGE_ONE_IN: u64 = 200;

fn bag(raw: &str) -> Frame {
    let seal = Seal { from: Hex([1; 32]), to: Hex([2; 32]), hash: Hex([3; 32]), sig: Hex([4; 64]) };
    Frame::Bag(Box::new(SealedBag { seal, raw: raw.to_owned() }))
}

fn frames() -> Vec<Frame> {
    let file = Frame::File(BlobId([5; 32]), 2000);
    vec![bag("{}"), file, Frame::Bytes(vec![6; 2000]), bag("{\"v\":1}")]
}

fn whole(by: &Identity, to: &Identity, frames: &[Frame]) -> Vec<u8> {
    let mut writer = StickWriter::begin(Vec::new(), (by, to.public_hex()), [9; 48]).unwrap();
    for frame in frames {
        writer.add(frame).unwrap();
    }
    writer.end().unwrap()
}

fn read(text: &[u8], to: &Identity) -> Result<Vec<Frame>, StickFault> {
    let (mut reader, mut frames) = (StickReader::begin(text, to)?, Vec::new());
    while let Some(frame) = reader.next()? {
        frames.push(frame);
    }
    Ok(frames)
}

/// Frames that a server of another mind has sealed and signed.
fn of_another_mind(mangler: &mut Mangler, by: &Identity, to: &Identity) -> Vec<u8> {
    let mut writer = StickWriter::begin(Vec::new(), (by, to.public_hex()), [9; 48]).unwrap();
    for _ in 0..mangler.below(4) {
        let mut plain = b"\x00bag\n{}".to_vec();
        plain[0] = mangler.below(5) as u8;
        mangler.bytes(&mut plain);
        if mangler.below(LARGE_ONE_IN) == 0 {
            plain = vec![OF_BAG; FRAME_BYTES_MAX];
        }
        plain.truncate(FRAME_BYTES_MAX);
        let frame = Frames::seal(&mut writer.frames, &plain).unwrap();
        writer.frames.hash.update(&frame);
        writer.to.extend(frame);
    }
    if mangler.below(2) == 0 {
        writer.put(OF_END, &[&[0; 64]]).unwrap();
        return writer.to;
    }
    writer.end().unwrap()
}

#[test]
fn what_is_written_is_read_and_order_and_end_are_part_of_it() {
    let (by, to) = (Identity::of(&[1; 32]), Identity::of(&[2; 32]));
    let text = whole(&by, &to, &frames());
    assert_eq!(read(&text, &to).unwrap(), frames());
    assert!(matches!(read(&text, &by), Err(StickFault::NotForUs)));
    for end in 0..text.len() {
        assert!(matches!(read(&text[..end], &to), Err(StickFault::Broken)), "cut at {end}");
    }
    let large = Frame::Bytes(vec![0; PARTS_BYTES_MAX as usize + 1]);
    assert!(matches!(read(&whole(&by, &to, &[large]), &to), Err(StickFault::Broken)));
}

#[test]
fn a_file_on_a_stick_of_any_shape_is_read_or_refused() {
    let (by, to) = (Identity::of(&[1; 32]), Identity::of(&[2; 32]));
    let text = whole(&by, &to, &frames());
    let mut understood = 0_u64;
    let once = |mangler: &mut Mangler| {
        let file = if mangler.below(2) == 0 {
            let mut file = text.clone();
            mangler.bytes(&mut file);
            file
        } else {
            of_another_mind(mangler, &by, &to)
        };
        understood += u64::from(read(&file, &to).is_ok());
    };
    mangles("stick", ROUNDS, once);
    assert!(understood > 10, "{understood} were understood still");
}
