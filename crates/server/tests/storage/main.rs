//! What every storage must do, written against the trait and run on SQLite.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken expectation should stop the test where it stands"
)]

mod cast;
mod suite;

use server::SqliteStorage;

use crate::cast::Making;

/// SQLite in a folder of its own.
struct Sqlite(tempfile::TempDir);

impl Making for Sqlite {
    type Made = SqliteStorage;

    fn new() -> Sqlite {
        Sqlite(tempfile::tempdir().unwrap())
    }

    fn open(&self) -> SqliteStorage {
        SqliteStorage::open(&self.0.path().join("server.db")).unwrap()
    }
}

macro_rules! storage_suite {
    ($making:ty: $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                suite::$name::<$making>();
            }
        )*
    };
}

storage_suite!(Sqlite:
    what_is_kept_is_there_when_it_is_opened_again
    an_undone_job_leaves_nothing_and_takes_nobody_with_it
    a_job_that_panics_is_undone_and_the_writer_goes_on
    a_log_takes_each_place_name_and_turn_once
    the_frame_is_all_but_documents_and_tasks
    states_come_in_the_order_of_their_versions_and_only_of_their_agency
    the_history_of_a_thing_is_its_entries
    who_names_a_file_is_known_and_what_was_proven_stays_so
    what_is_filed_is_found_until_it_is_taken_out
    keys_wait_until_their_officer_is_known
    sessions_are_forgotten_when_they_are_over
    a_code_says_what_it_let_in
    readers_see_one_moment_while_the_writer_goes_on
    fifty_agencies_are_written_by_many_at_once
);
