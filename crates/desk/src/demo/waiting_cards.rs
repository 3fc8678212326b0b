//! The real files of the demo commune, and the cards that wait in the tray of its clerk.
use std::fs;
use std::path::Path;

use contract::Fields;
use register::{Attachment, Moment};
use serde_json::json;
use store::FormDraft;

use super::cast::CLERK;
use super::scene::Pages;
use crate::fill::{InventFault, Office, desk_said};
use crate::forms::{attachments_in, attachments_out};
use crate::tray::{Card, put as put_card};

/// Folder in the profile through which the files come in.
const HANDED_IN: &str = "demo-files";
/// The file that hangs on a registered document too: its card warns of a twin.
const TWIN: &str = "stc_tb_172.pdf";
/// The file of which the clerk has begun to type.
const TYPED: &str = "stc_kh_3125.pdf";
/// The file nobody has looked at yet.
const NEW: &str = "stc_bc_145.pdf";

/// Stores every real file, through the same gate as a scan.
pub(super) fn store_pages(office: &Office, profile: &Path) -> Result<Pages, InventFault> {
    let folder = profile.join(HANDED_IN);
    let fault = |name: &str| {
        let name = name.to_owned();
        move |source: std::io::Error| InventFault::File { name, source: Box::new(source) }
    };
    fs::create_dir_all(&folder).map_err(fault(HANDED_IN))?;
    let mut pages = Pages::new();
    for page in assets::demo::pages() {
        let path = folder.join(page.file);
        fs::write(&path, page.bytes).map_err(fault(page.file))?;
        let taken = crate::files::take_path(&office.opened.blobs, &path)
            .map_err(desk_said("storing a page"))?;
        let stored = attachments_in(&[taken.attachment]).map_err(desk_said("naming a page"))?;
        pages.extend(stored.into_iter().map(|attachment: Attachment| (page.file, attachment)));
    }
    fs::remove_dir_all(&folder).map_err(fault(HANDED_IN))?;
    Ok(pages)
}

/// Puts cards into the tray: a new one, one that is being typed, and a twin.
pub(super) fn put(office: &Office, pages: &Pages, now: Moment) -> Result<(), InventFault> {
    let waiting = [(TWIN, 95), (TYPED, 40), (NEW, 12)];
    for (name, minutes) in waiting {
        let Some(page) = pages.get(name) else { continue };
        let came_at = Moment(now.0 - minutes * 60_000);
        let id = register::CommandId(office.clock.id_at(came_at)).hex();
        let card = Card {
            attachments: attachments_out(std::slice::from_ref(page)),
            source: "scan".to_owned(),
            refused: String::new(),
        };
        put_card(&office.opened.store, id.clone(), &card, came_at)?;
        if name == TYPED {
            let fields = Fields {
                number: "3125".to_owned(),
                symbol: "KH-STC".to_owned(),
                issuer: "Sở Tài chính".to_owned(),
                kind: "ke-hoach".to_owned(),
                ..Fields::default()
            };
            let content = json!({ "fields": fields }).to_string();
            let form = format!("incoming/tray:{id}");
            let draft = FormDraft { form, content, at: came_at };
            office.opened.store.keep_form(office.who(CLERK)?, &draft)?;
        }
    }
    Ok(())
}
