//! What every storage must do, written against the trait and run on each of them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken expectation should stop the test where it stands"
)]

mod cast;
mod directory;
mod filed;
mod releases;
mod suite;

use server::{PostgresStorage, SqliteStorage};

use crate::cast::Making;

/// SQLite in a folder of its own.
struct Sqlite(tempfile::TempDir);

impl Making for Sqlite {
    type Made = SqliteStorage;

    fn new() -> Option<Sqlite> {
        Some(Sqlite(tempfile::tempdir().unwrap()))
    }

    fn open(&self) -> SqliteStorage {
        SqliteStorage::open(&self.0.path().join("server.db")).unwrap()
    }
}

/// A database of its own in the cluster that all tests share.
struct Postgres(String);

impl Making for Postgres {
    type Made = PostgresStorage;

    fn new() -> Option<Postgres> {
        Some(Postgres(postgres_cluster::shared()?.database().unwrap()))
    }

    fn open(&self) -> PostgresStorage {
        PostgresStorage::open(&self.0, server::chance().unwrap()).unwrap()
    }
}

macro_rules! storage_suite {
    ($($name:ident)*) => {
        mod sqlite {
            $(
                #[test]
                fn $name() {
                    crate::suite::$name::<crate::Sqlite>();
                }
            )*
        }
        mod postgres {
            $(
                #[test]
                fn $name() {
                    crate::suite::$name::<crate::Postgres>();
                }
            )*
        }
    };
}

storage_suite!(
    what_is_kept_is_there_when_it_is_opened_again
    an_undone_job_leaves_nothing_and_takes_nobody_with_it
    a_job_that_panics_is_undone_and_the_writer_goes_on
    a_log_takes_each_place_name_and_turn_once
    the_frame_is_all_but_documents_and_tasks
    states_come_in_the_order_of_their_versions_and_only_of_their_agency
    the_history_of_a_thing_is_its_entries
    who_names_a_file_is_known_and_what_was_proven_stays_so
    what_is_filed_is_found_until_it_is_taken_out
    numbers_and_queues_are_as_they_stand_whatever_was_asked_before
    keys_wait_until_their_officer_is_known
    sessions_are_forgotten_when_they_are_over
    a_code_says_what_it_let_in
    readers_see_one_moment_while_the_writer_goes_on
    what_is_told_to_be_looked_up_soon_is_found_as_it_is
    what_is_looked_at_lightly_is_of_one_moment_too
    fifty_agencies_are_written_by_many_at_once
    a_job_writes_to_no_agency_that_it_did_not_name
    what_goes_between_agencies_is_there_until_it_has_gone
    the_directory_counts_every_change
    who_keeps_the_directory_and_what_was_stated_is_known
    other_servers_are_known_and_who_lives_there
    what_waits_is_told_apart_by_the_server_it_goes_to
    releases_and_what_pcs_run_are_kept_under_their_names
);
