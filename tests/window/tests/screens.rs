//! Pictures of every screen, light and dark, in two sizes: `./dev screens` keeps them in docs.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use window::{
    Album, Look, Neighbour, Office, Place, Seat, Setting, Walk, deaths, exchange, journeys,
    keepers, lines, offices, sending, walk, walk_in_an_office, walk_in_town,
};

/// A picture: its name in docs/screens, who sees it, and the keys that lead there.
struct Picture {
    name: &'static str,
    seat: Option<Seat>,
    screen: &'static str,
    keys: &'static [&'static str],
    shows: &'static str,
}

const fn screen(name: &'static str, seat: Seat, screen: &'static str) -> Picture {
    Picture { name, seat: Some(seat), screen, keys: &[], shows: screen }
}

const fn above(
    name: &'static str,
    seat: Seat,
    screen: &'static str,
    keys: &'static [&'static str],
    shows: &'static str,
) -> Picture {
    Picture { name, seat: Some(seat), screen, keys, shows }
}

const PICTURES: [Picture; 22] = [
    screen("ban-lam-viec-van-thu", Seat::Clerk, "Bàn làm việc"),
    screen("ban-lam-viec-lanh-dao", Seat::Leader, "Bàn làm việc"),
    screen("van-ban-den", Seat::Leader, "Văn bản đến"),
    screen("van-ban-di", Seat::Clerk, "Văn bản đi"),
    screen("cho-vao-so", Seat::Clerk, "Chờ vào sổ"),
    above("vao-so", Seat::Clerk, "Chờ vào sổ", &["Ctrl+N"], "Vào sổ"),
    screen("nhiem-vu", Seat::Official, "Nhiệm vụ"),
    screen("nhiem-vu-toan-co-quan", Seat::Head, "Nhiệm vụ"),
    screen("so-dang-ky", Seat::Clerk, "Sổ đăng ký"),
    screen("tim-kiem", Seat::Clerk, "Tìm kiếm"),
    screen("quan-tri", Seat::Administrator, "Quản trị"),
    screen("dong-bo-mot-may", Seat::Clerk, "Đồng bộ"),
    screen("dong-bo-dua-len", Seat::Administrator, "Đồng bộ"),
    above("phan-cong", Seat::Leader, "Văn bản đến", &["g"], "Chủ trì"),
    above("bang-lenh", Seat::Clerk, "Văn bản đến", &["Ctrl+K"], "Tìm"),
    above("phim-tat", Seat::Clerk, "Văn bản đến", &["F1"], "Bảng phím tắt"),
    screen("van-ban-den-chanh-van-phong", Seat::Head, "Văn bản đến"),
    above("nhiem-vu-lich", Seat::Head, "Nhiệm vụ", &CALENDAR, "Tháng "),
    above("nhiem-vu-bang", Seat::Leader, "Nhiệm vụ", &BOARD, "Chưa xử lý"),
    Picture { name: "lan-dau", seat: None, screen: "", keys: &[], shows: "" },
    Picture { name: "ma-khoi-phuc", seat: None, screen: "", keys: &[], shows: RECOVERY },
    Picture { name: "khoa-may", seat: Some(Seat::Official), screen: "", keys: &[], shows: LOCK },
];

/// From the first place where Tab stops on Nhiệm vụ the shapes are one tab and some arrows away.
const BOARD: [&str; 1] = ["→"];
const CALENDAR: [&str; 2] = ["→", "→"];
const RECOVERY: &str = "Mã khôi phục của sổ";
const LOCK: &str = "Ai ngồi vào máy này";

const SEATS: [Option<Seat>; 6] = [
    None,
    Some(Seat::Clerk),
    Some(Seat::Leader),
    Some(Seat::Head),
    Some(Seat::Official),
    Some(Seat::Administrator),
];

#[test]
fn pictures_of_every_screen_are_taken() -> anyhow::Result<()> {
    let folder = std::env::var_os("VANTHU_SCREENS").context("VANTHU_SCREENS names no folder")?;
    let folder = PathBuf::from(folder);
    for look in [Look::Office, Look::Large] {
        for seat in SEATS {
            if !PICTURES.iter().any(|picture| picture.seat == seat && is_wanted(picture)) {
                continue;
            }
            walk(Place::Window, seat, look, async |walk| {
                let wanted = |picture: &&Picture| picture.seat == seat && is_wanted(picture);
                for picture in PICTURES.iter().filter(wanted) {
                    take(walk, picture, look, &folder)
                        .await
                        .with_context(|| format!("the picture {}", picture.name))?;
                }
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// The pictures of an agency that has come to its server.
const OF_THE_LINE: [&str; 3] = ["dong-bo", "dong-bo-mat-mang", "so-va-quyen-cap-so"];

#[test]
fn pictures_of_the_line_are_taken() -> anyhow::Result<()> {
    let folder = std::env::var_os("VANTHU_SCREENS").context("VANTHU_SCREENS names no folder")?;
    let folder = PathBuf::from(folder);
    if !OF_THE_LINE.iter().any(|name| is_named(name)) {
        return Ok(());
    }
    for look in [Look::Office, Look::Large] {
        let [met, cut, book] = OF_THE_LINE;
        walk_in_town(Place::Window, Seat::Clerk, look, async |walk| {
            walk.goes_to("Sổ đăng ký").await?;
            walk.sees("Máy này cấp số cho sổ này").await?;
            in_both_lights(walk, book, look, &folder).await?;
            walk.goes_to("Đồng bộ").await?;
            walk.sees("Đã đồng bộ lúc").await?;
            in_both_lights(walk, met, look, &folder).await?;
            lines::registers_with_the_line_cut(walk).await?;
            in_both_lights(walk, cut, look, &folder).await
        })?;
    }
    Ok(())
}

/// The pictures of several PCs at once: what waits for a person, a book whose holder died, a PC
/// that was shut out.
const OF_AN_OFFICE: [&str; 4] =
    ["can-xem-lai", "lay-lai-so", "so-cho-nhap-lai", "may-bi-thu-quyen"];

#[test]
fn pictures_of_an_office_are_taken() -> anyhow::Result<()> {
    let folder = std::env::var_os("VANTHU_SCREENS").context("VANTHU_SCREENS names no folder")?;
    let folder = PathBuf::from(folder);
    let pictures = OF_AN_OFFICE.iter().copied().filter(|name| is_named(name));
    let pictures = Album { folder: &folder, pictures: &pictures.collect::<Vec<_>>() };
    let clerk: &[(&str, Seat)] = &[(offices::SECOND_PC, Seat::Clerk)];
    let others: &[(&str, Seat)] =
        &[(deaths::ADMINISTRATOR_PC, Seat::Administrator), (deaths::HEAD_PC, Seat::Head)];
    for look in [Look::Office, Look::Large] {
        let (place, album) = (Place::Window, Some(pictures));
        let of = |further| Setting { place, look, further, neighbours: &[], album };
        if pictures.has("can-xem-lai") {
            walk_in_an_office(&of(clerk), offices::the_line_comes_back)?;
        }
        if pictures.has("lay-lai-so") || pictures.has("so-cho-nhap-lai") {
            walk_in_an_office(&of(others), deaths::a_pc_dies)?;
        }
        if pictures.has("may-bi-thu-quyen") {
            walk_in_an_office(&of(clerk), offices::a_pc_that_is_shut_out_says_so)?;
        }
    }
    Ok(())
}

/// The pictures of a document on its way between two agencies.
const BETWEEN_AGENCIES: [&str; 7] = [
    "phat-hanh-lien-thong",
    "theo-doi-noi-nhan",
    "cho-vao-so-qua-mang",
    "thu-hoi-van-ban",
    "de-nghi-thu-hoi",
    "da-thu-hoi",
    "van-ban-thay-the",
];

/// Takes those pictures of a walk in several offices that are wanted, large and small.
fn of_offices(
    names: &[&'static str],
    neighbours: &[Neighbour],
    walk: impl AsyncFn(&Office<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let folder = std::env::var_os("VANTHU_SCREENS").context("VANTHU_SCREENS names no folder")?;
    let folder = PathBuf::from(folder);
    let pictures = names.iter().copied().filter(|name| is_named(name));
    let pictures = pictures.collect::<Vec<_>>();
    if pictures.is_empty() {
        return Ok(());
    }
    for look in [Look::Office, Look::Large] {
        let album = Some(Album { folder: &folder, pictures: &pictures });
        let setting = Setting { place: Place::Window, look, further: &[], neighbours, album };
        walk_in_an_office(&setting, &walk)?;
    }
    Ok(())
}

#[test]
fn pictures_between_agencies_are_taken() -> anyhow::Result<()> {
    of_offices(&BETWEEN_AGENCIES, &[exchange::NEXT_DOOR], exchange::a_document_goes_and_comes_back)
}

/// The pictures of one document that goes to a group.
const TO_A_GROUP: [&str; 4] =
    ["luu-nhom-noi-nhan", "gui-ca-nhom", "tu-choi-tiep-nhan", "nhieu-noi-nhan"];

#[test]
fn pictures_of_a_group_are_taken() -> anyhow::Result<()> {
    let neighbours = [exchange::NEXT_DOOR, exchange::BEHIND_THE_HILL];
    of_offices(&TO_A_GROUP, &neighbours, sending::a_group_is_sent_to_and_each_answers)
}

/// The pictures of the directory: one who keeps it, and one who reads it.
const OF_THE_DIRECTORY: [&str; 5] =
    ["danh-ba-moi", "danh-ba-ket-thuc", "danh-ba-cho-gui", "danh-ba-co-quan", "danh-ba-chi-xem"];

#[test]
fn pictures_of_the_directory_are_taken() -> anyhow::Result<()> {
    of_offices(
        &OF_THE_DIRECTORY,
        &[exchange::NEXT_DOOR],
        keepers::an_administrator_keeps_the_directory,
    )
}

/// `VANTHU_PICTURES` names the few that are to be taken again; all when it is not there.
fn is_named(picture: &str) -> bool {
    let few = std::env::var("VANTHU_PICTURES").unwrap_or_default();
    few.is_empty() || few.split(' ').any(|name| name == picture)
}

fn is_wanted(picture: &Picture) -> bool {
    is_named(picture.name)
}

async fn in_both_lights(walk: &Walk, name: &str, look: Look, folder: &Path) -> anyhow::Result<()> {
    walk.settles().await?;
    for theme in ["light", "dark"] {
        walk.lights(theme).await?;
        let (width, _) = look.size();
        walk.pictures(&folder.join(format!("{name}-{width}-{theme}.png"))).await?;
    }
    Ok(())
}

async fn take(walk: &Walk, picture: &Picture, look: Look, folder: &Path) -> anyhow::Result<()> {
    let Picture { name, screen, keys, shows, seat } = picture;
    if !screen.is_empty() {
        // From another screen, so that each picture begins with an untouched list.
        walk.goes_to("Tìm kiếm").await?;
        walk.goes_to(screen).await?;
    }
    walk.settles().await?;
    if *screen == "Văn bản đến" && *seat == Some(Seat::Leader) {
        // The page of a document makes the better picture, and keys act only on what is read.
        walk.goes_to_tab("Tất cả", "Chờ ý kiến").await?;
        walk.press("Tab").await?;
        walk.goes_to_row("77/BC-STC").await?;
        walk.reads_current_row().await?;
        walk.sees_paper().await?;
    }
    if *screen == "Nhiệm vụ" && !keys.is_empty() {
        walk.tabs_to("Danh sách").await?;
    }
    match *shows {
        RECOVERY => journeys::goes_through_the_wizard(walk).await?,
        LOCK => walk.chooses_act("Khoá máy").await?,
        _ => walk.press_all(keys).await?,
    }
    walk.sees(shows).await?;
    in_both_lights(walk, name, look, folder).await?;
    if !keys.is_empty() {
        walk.press("Esc").await?;
    }
    Ok(())
}
