//! The journeys, walked in the real window.

use window::{
    Look, Office, Place, Seat, Setting, Walk, alone, deaths, exchange, journeys, keepers, lines,
    offices, province, sending, updates, walk, walk_in_an_office, walk_in_town,
};

fn in_the_window(
    seat: Seat,
    journey: impl AsyncFnOnce(&Walk) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    walk(Place::Window, Some(seat), Look::Office, journey)
}

#[test]
fn the_register_of_the_demo_commune_shows_rows() -> anyhow::Result<()> {
    in_the_window(Seat::Clerk, journeys::the_register_shows_rows)
}

#[test]
fn a_clerk_registers_what_was_scanned() -> anyhow::Result<()> {
    in_the_window(Seat::Clerk, journeys::a_clerk_registers_what_was_scanned)
}

#[test]
fn a_clerk_is_told_of_a_twin() -> anyhow::Result<()> {
    in_the_window(Seat::Clerk, journeys::a_clerk_is_told_of_a_twin)
}

#[test]
fn the_page_of_a_document_is_drawn() -> anyhow::Result<()> {
    in_the_window(Seat::Leader, journeys::the_page_of_a_document_is_drawn)
}

#[test]
fn a_leader_gives_work_in_three_keys() -> anyhow::Result<()> {
    in_the_window(Seat::Leader, journeys::a_leader_gives_work_in_three_keys)
}

#[test]
fn an_official_does_a_task() -> anyhow::Result<()> {
    in_the_window(Seat::Official, journeys::an_official_does_a_task)
}

#[test]
fn every_screen_of_a_clerk_can_be_used_by_everyone() -> anyhow::Result<()> {
    in_the_window(Seat::Clerk, journeys::every_screen_can_be_used_by_everyone)
}

#[test]
fn every_screen_of_a_leader_can_be_used_by_everyone() -> anyhow::Result<()> {
    in_the_window(Seat::Leader, journeys::every_screen_can_be_used_by_everyone)
}

#[test]
fn every_screen_of_an_office_head_can_be_used_by_everyone() -> anyhow::Result<()> {
    in_the_window(Seat::Head, journeys::every_screen_can_be_used_by_everyone)
}

#[test]
fn every_screen_of_an_official_can_be_used_by_everyone() -> anyhow::Result<()> {
    in_the_window(Seat::Official, journeys::every_screen_can_be_used_by_everyone)
}

#[test]
fn a_leader_finds_what_is_late() -> anyhow::Result<()> {
    in_the_window(Seat::Leader, journeys::a_leader_finds_what_is_late)
}

#[test]
fn a_leader_walks_the_calendar_of_tasks() -> anyhow::Result<()> {
    in_the_window(Seat::Leader, journeys::a_leader_walks_the_calendar_of_tasks)
}

#[test]
fn the_lock_can_be_used_by_everyone() -> anyhow::Result<()> {
    in_the_window(Seat::Clerk, journeys::the_lock_can_be_used_by_everyone)
}

#[test]
fn an_administrator_founds_the_agency_and_keeps_its_recovery_code() -> anyhow::Result<()> {
    walk(Place::Window, None, Look::Office, journeys::an_administrator_founds_the_agency)
}

#[test]
fn every_screen_of_an_administrator_can_be_used_by_everyone() -> anyhow::Result<()> {
    in_the_window(Seat::Administrator, journeys::every_screen_can_be_used_by_everyone)
}

/// UniKey takes back what it typed and types it again with its marks.
#[test]
fn what_an_input_method_takes_back_and_types_again_stands_once() -> anyhow::Result<()> {
    in_the_window(Seat::Clerk, async |walk| {
        walk.goes_to("Tìm kiếm").await?;
        walk.tabs_to("Tìm").await?;
        // A letter that is on no key is put on one for a moment, so each is waited for.
        walk.strikes(&["d", "d", "BackSpace", "BackSpace", "dstroke"])?;
        walk.reads_typed("đ").await?;
        walk.strikes(&["u", "o", "w", "BackSpace", "BackSpace", "BackSpace", "U01B0"])?;
        walk.reads_typed("đư").await?;
        walk.strikes(&["U01A1"])?;
        walk.reads_typed("đươ").await?;
        walk.strikes(&["n", "g"])?;
        walk.reads_typed("đương").await
    })
}

#[test]
fn an_administrator_reads_what_a_server_would_bring() -> anyhow::Result<()> {
    in_the_window(Seat::Administrator, lines::an_administrator_reads_what_a_server_would_bring)
}

#[test]
fn a_new_pc_may_come_to_its_agency() -> anyhow::Result<()> {
    walk(Place::Window, None, Look::Office, lines::a_new_pc_may_come_to_its_agency)
}

#[test]
fn a_clerk_works_without_a_line() -> anyhow::Result<()> {
    walk_in_town(Place::Window, Seat::Clerk, Look::Office, lines::a_clerk_works_without_a_line)
}

#[test]
fn an_administrator_lets_a_pc_in() -> anyhow::Result<()> {
    let seat = Seat::Administrator;
    walk_in_town(Place::Window, seat, Look::Office, lines::an_administrator_lets_a_pc_in)
}

fn in_an_office(
    further: &[(&str, Seat)],
    journey: impl AsyncFnOnce(&Office<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (place, look) = (Place::Window, Look::Office);
    let setting = Setting { place, look, further, neighbours: &[], album: None };
    walk_in_an_office(&setting, journey)
}

/// J5, and the way back.
#[test]
fn a_document_goes_to_another_agency_and_is_called_back() -> anyhow::Result<()> {
    let (place, look) = (Place::Window, Look::Office);
    let neighbours = &[exchange::NEXT_DOOR];
    let setting = Setting { place, look, further: &[], neighbours, album: None };
    walk_in_an_office(&setting, exchange::a_document_goes_and_comes_back)
}

#[test]
fn a_document_goes_to_a_group_and_each_agency_answers() -> anyhow::Result<()> {
    let (place, look) = (Place::Window, Look::Office);
    let neighbours = &[exchange::NEXT_DOOR, exchange::BEHIND_THE_HILL];
    let setting = Setting { place, look, further: &[], neighbours, album: None };
    walk_in_an_office(&setting, sending::a_group_is_sent_to_and_each_answers)
}

/// What `./dev run` opens.
#[test]
fn the_demo_province_exchanges() -> anyhow::Result<()> {
    let (place, look) = (Place::Window, Look::Office);
    let setting = Setting { place, look, further: &[], neighbours: &[], album: None };
    walk_in_an_office(&setting, province::the_demo_province_exchanges)
}

#[test]
fn an_administrator_keeps_the_directory_and_another_agency_reads_it() -> anyhow::Result<()> {
    let (place, look) = (Place::Window, Look::Office);
    let neighbours = &[exchange::NEXT_DOOR];
    let setting = Setting { place, look, further: &[], neighbours, album: None };
    walk_in_an_office(&setting, keepers::an_administrator_keeps_the_directory)
}

/// J6.
#[test]
fn two_clerks_go_on_without_a_line_and_show_the_same_when_it_comes_back() -> anyhow::Result<()> {
    in_an_office(&[(offices::SECOND_PC, Seat::Clerk)], offices::the_line_comes_back)
}

#[test]
fn a_book_goes_over_on_a_stick_and_back_over_the_server() -> anyhow::Result<()> {
    in_an_office(&[(offices::SECOND_PC, Seat::Clerk)], offices::a_book_goes_over_on_a_stick)
}

#[test]
fn a_pc_that_is_shut_out_says_so_and_keeps_no_keys() -> anyhow::Result<()> {
    in_an_office(&[(offices::SECOND_PC, Seat::Clerk)], offices::a_pc_that_is_shut_out_says_so)
}

/// J8.
#[test]
fn a_pc_dies_and_its_book_goes_on_after_the_last_number_on_paper() -> anyhow::Result<()> {
    let further = [(deaths::ADMINISTRATOR_PC, Seat::Administrator), (deaths::HEAD_PC, Seat::Head)];
    in_an_office(&further, deaths::a_pc_dies)
}

#[test]
fn what_a_dead_pc_wrote_elsewhere_is_carried_by_another() -> anyhow::Result<()> {
    let further = [(offices::SECOND_PC, Seat::Clerk)];
    in_an_office(&further, deaths::what_a_dead_pc_wrote_elsewhere_is_carried)
}

#[test]
fn a_newer_window_is_handed_over_to_and_one_that_dies_is_given_up() -> anyhow::Result<()> {
    alone(updates::a_newer_window_is_handed_over_to_and_one_that_dies_is_given_up())
}

#[test]
fn a_clerk_reads_of_a_new_version_and_starts_it() -> anyhow::Result<()> {
    let journey = updates::a_clerk_reads_of_a_new_version_and_starts_it;
    walk_in_town(Place::Window, Seat::Clerk, Look::Office, journey)
}
