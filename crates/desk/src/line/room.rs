//! Room for files on this PC: what the server has too makes way, what was opened longest ago first.
use std::time::{Duration, SystemTime};

use register::{BlobId, Officer, Role};
use store::{StoreError, View};

use crate::blobs::Lying;

/// Bytes of files on a PC of a clerk, who holds everything; of those who direct; of all others.
const CLERK_BYTES_MAX: u64 = 60 << 30;
const LEADER_BYTES_MAX: u64 = 30 << 30;
const OTHERS_BYTES_MAX: u64 = 10 << 30;
/// What came or was opened later than this stays, however little room there is.
const STAYS_AFTER_OPENING: Duration = Duration::from_secs(14 * 86_400);
/// Room is made until so many hundredths are taken, so that it is not made again at once.
const LEFT_IN_A_HUNDRED: u64 = 90;

fn bytes_of(role: Role) -> u64 {
    match role {
        Role::Clerk => CLERK_BYTES_MAX,
        Role::Leader | Role::OfficeHead => LEADER_BYTES_MAX,
        Role::UnitHead | Role::Official | Role::Administrator => OTHERS_BYTES_MAX,
    }
}

/// Bytes that files may take on a PC where these people read.
pub(crate) fn quota(view: &View<'_>) -> Result<u64, StoreError> {
    let readers = view.readers()?;
    let here = |officer: &Officer| readers.contains(&officer.id);
    let officers = view.officers()?;
    let roles = officers.iter().filter(|officer| here(officer)).flat_map(|one| &one.roles);
    Ok(roles.map(|role| bytes_of(*role)).max().unwrap_or(OTHERS_BYTES_MAX))
}

/// How much room there is, and when that was looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    /// Bytes that files may take.
    pub most: u64,
    /// When it is looked at.
    pub now: SystemTime,
}

impl Room {
    fn stays(&self, file: &Lying) -> bool {
        // A clock that was set back makes everything look young, and then nothing goes.
        let age = self.now.duration_since(file.opened).unwrap_or_default();
        age < STAYS_AFTER_OPENING
    }
}

/// Lets files go until there is room; `goes` takes one away if the server has it, and says so.
/// Returns the bytes that are taken then.
///
/// # Errors
/// Those of `goes`; what went before is gone.
pub(crate) fn makes_room<E>(
    mut files: Vec<Lying>,
    room: Room,
    mut goes: impl FnMut(BlobId) -> Result<bool, E>,
) -> Result<u64, E> {
    let mut taken: u64 = files.iter().map(|file| file.bytes).sum();
    if taken <= room.most {
        return Ok(taken);
    }
    files.sort_by_key(|file| (file.opened, file.blob));
    for file in files.iter().filter(|file| !room.stays(file)) {
        if taken <= room.most / 100 * LEFT_IN_A_HUNDRED {
            break;
        }
        if goes(file.blob)? {
            taken = taken.saturating_sub(file.bytes);
        }
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::convert::Infallible;
    use std::time::{Duration, SystemTime};

    use register::BlobId;

    use super::{LEFT_IN_A_HUNDRED, Lying, Room, STAYS_AFTER_OPENING, makes_room};

    const ROUNDS: u64 = 3_000;
    const DAY: Duration = Duration::from_secs(86_400);

    /// Numbers that come again with the same seed (splitmix64).
    struct Chance(u64);

    impl Chance {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            (mixed ^ (mixed >> 31)) % limit
        }
    }

    fn files(chance: &mut Chance, now: SystemTime) -> Vec<Lying> {
        let many = u8::try_from(chance.below(40)).unwrap();
        let file = |of: u8| Lying {
            blob: BlobId([of; 32]),
            bytes: 1 + chance.below(1_000),
            opened: now - DAY * u32::try_from(chance.below(60)).unwrap(),
        };
        (0..many).map(file).collect()
    }

    #[test]
    fn what_is_only_here_or_was_opened_lately_never_goes_and_the_oldest_goes_first() {
        let now = SystemTime::UNIX_EPOCH + DAY * 20_000;
        for seed in 0..ROUNDS {
            let mut chance = Chance(seed);
            let all = files(&mut chance, now);
            let most = chance.below(20_000);
            let only_here: BTreeSet<BlobId> =
                all.iter().map(|file| file.blob).filter(|_| chance.below(3) == 0).collect();
            let mut gone = Vec::new();
            let goes = |blob| {
                let is_there = !only_here.contains(&blob);
                gone.extend(is_there.then_some(blob));
                Ok::<_, Infallible>(is_there)
            };
            let Ok(taken) = makes_room(all.clone(), Room { most, now }, goes);
            let of = |blob: &BlobId| all.iter().find(|file| file.blob == *blob).unwrap();
            for blob in &gone {
                assert!(!only_here.contains(blob), "seed {seed}: it was only here");
                let age = now.duration_since(of(blob).opened).unwrap();
                assert!(age >= STAYS_AFTER_OPENING, "seed {seed}: it was opened lately");
            }
            assert!(gone.is_sorted_by_key(|blob| of(blob).opened), "seed {seed}: not the oldest");
            let left = |file: &&Lying| !gone.contains(&file.blob);
            assert_eq!(taken, all.iter().filter(left).map(|file| file.bytes).sum::<u64>());
            let could_go = |file: &&Lying| {
                let old = now.duration_since(file.opened).unwrap() >= STAYS_AFTER_OPENING;
                old && !only_here.contains(&file.blob)
            };
            let more = all.iter().filter(left).filter(could_go).count();
            let enough = taken <= most.max(most / 100 * LEFT_IN_A_HUNDRED);
            assert!(enough || more == 0, "seed {seed}: more could have gone");
        }
    }
}
