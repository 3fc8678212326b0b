//! What every place for files must do, written against the trait and run on each of them; and what
//! becomes of files whose store is away.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken expectation should stop the test where it stands"
)]

mod away;
mod cast;
mod suite;

macro_rules! blobs_suite {
    ($($name:ident)*) => {
        mod folder {
            $(
                #[test]
                fn $name() {
                    crate::suite::$name::<crate::cast::Folder>();
                }
            )*
        }
        mod bucket {
            $(
                #[test]
                fn $name() {
                    crate::suite::$name::<crate::cast::Bucket>();
                }
            )*
        }
    };
}

blobs_suite! {
    parts_in_any_order_become_one_file_that_is_read_whole_and_in_spans
    a_large_file_is_stored_whole
    a_file_of_which_a_part_is_lost_is_not_stored_until_it_came_again
    what_is_not_of_its_hash_is_thrown_away_and_begins_anew
    a_file_that_may_not_be_stored_yet_keeps_its_parts
    to_name_a_hash_opens_nothing_of_another_agency
    what_is_shared_stays_with_the_one_when_the_other_lets_it_go
    two_places_over_one_store_see_the_same_files
    two_that_finish_the_same_file_at_once_store_it
    who_shares_while_it_is_taken_away_has_it_or_is_told
}
