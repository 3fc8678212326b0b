//! Several PCs of one agency at once: each has its own window, one server stands between them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use anyhow::Context as _;
use tempfile::TempDir;

use crate::programs::{self, Seat};
use crate::town::Town;
use crate::walk::{Look, Place, Walk, runtime};

/// What the first PC of the demo is called.
pub const FIRST_PC: &str = "VT-01";

/// Where the PCs of an office stand.
pub struct Setting<'a> {
    /// Windows or browsers.
    pub place: Place,
    /// How large.
    pub look: Look,
    /// PCs beside the first, that came to the agency before the journey begins.
    pub further: &'a [(&'a str, Seat)],
    /// Other agencies of the same server.
    pub neighbours: &'a [Neighbour],
    /// The pictures that are taken on the way.
    pub album: Option<Album<'a>>,
}

/// Another agency, with one PC.
#[derive(Debug, Clone, Copy)]
pub struct Neighbour {
    /// Its PC.
    pub pc: &'static str,
    /// How the directory calls it.
    pub name: &'static str,
    /// Its code.
    pub code: &'static str,
}

/// Pictures of some stations of a journey.
#[derive(Clone, Copy)]
pub struct Album<'a> {
    /// Where they go.
    pub folder: &'a Path,
    /// The stations, by name.
    pub pictures: &'a [&'a str],
}

impl Album<'_> {
    /// Whether a station is kept.
    pub fn has(&self, name: &str) -> bool {
        self.pictures.contains(&name)
    }
}

/// The PCs of one agency and their server.
pub struct Office<'a> {
    place: Place,
    look: Look,
    album: Option<Album<'a>>,
    /// PCs whose window is not open yet, by name.
    waiting: RefCell<BTreeMap<String, TempDir>>,
    // The windows go before their server.
    open: RefCell<Vec<Rc<Walk>>>,
    town: Town,
}

/// Walks a journey in the windows of several PCs: the first one of the demo, and further ones.
pub fn walk_in_an_office(
    setting: &Setting<'_>,
    journey: impl AsyncFnOnce(&Office<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let office = Office::found(setting)?;
    runtime()?.block_on(async {
        let walked = match journey(&office).await {
            Ok(()) => Ok(()),
            Err(fault) => Err(fault.context(office.what_stood_there().await)),
        };
        let open = office.open.take();
        for walk in &open {
            walk.ends().await;
        }
        walked
    })
}

impl<'a> Office<'a> {
    fn found(setting: &Setting<'a>) -> anyhow::Result<Office<'a>> {
        let Setting { place, look, further, neighbours, album } = *setting;
        let town = Town::open()?;
        let first = programs::demo_profile()?;
        town.takes_in(first.path())?;
        let mut waiting = BTreeMap::new();
        for (name, seat) in further {
            let profile = programs::empty_profile()?;
            town.lets_in(first.path(), profile.path(), (name, *seat))?;
            waiting.insert((*name).to_owned(), profile);
        }
        for neighbour in neighbours {
            let profile = programs::empty_profile()?;
            town.takes_in_neighbour(profile.path(), neighbour)?;
            waiting.insert(neighbour.pc.to_owned(), profile);
        }
        waiting.insert(FIRST_PC.to_owned(), first);
        let (waiting, open) = (RefCell::new(waiting), RefCell::new(Vec::new()));
        Ok(Office { place, look, album, waiting, open, town })
    }

    /// Somebody sits down at a PC and its window opens.
    pub async fn sits(&self, pc: &str, seat: Seat) -> anyhow::Result<Rc<Walk>> {
        let profile = self.waiting.borrow_mut().remove(pc);
        let profile = profile.with_context(|| format!("there is no PC {pc} without a window"))?;
        self.opens(profile, Some(seat)).await
    }

    /// The operator lets the agency of the first PC keep the directory.
    pub fn gives_the_directory(&self) -> anyhow::Result<()> {
        self.town.gives_the_directory()
    }

    /// The neighbours of the demo come to its server, as `./dev run` makes them.
    pub fn makes_the_demo_province(&self) -> anyhow::Result<()> {
        let mut waiting = self.waiting.borrow_mut();
        let first = waiting.get(FIRST_PC).context("the first PC has no window yet")?;
        let made = self.town.makes_the_demo_province(first.path())?;
        waiting.extend(made.into_iter().map(|(pc, profile)| (pc.to_owned(), profile)));
        Ok(())
    }

    /// A new PC that knows of no agency is switched on.
    pub async fn new_pc(&self) -> anyhow::Result<Rc<Walk>> {
        self.opens(programs::empty_profile()?, None).await
    }

    async fn opens(&self, profile: TempDir, seat: Option<Seat>) -> anyhow::Result<Rc<Walk>> {
        let walk = Rc::new(Walk::open(self.place, profile, seat, self.look).await?);
        self.open.borrow_mut().push(Rc::clone(&walk));
        Ok(walk)
    }

    /// A PC burns: its programs are killed, and what was only there is gone.
    pub async fn dies(&self, pc: Rc<Walk>) -> anyhow::Result<()> {
        self.is_killed(pc).await.map(drop)
    }

    /// The power of a PC is cut and comes back, and the same officer sits down again.
    pub async fn loses_power(&self, pc: Rc<Walk>, seat: Seat) -> anyhow::Result<Rc<Walk>> {
        let profile = self.is_killed(pc).await?;
        programs::window_has_gone(profile.path()).await?;
        self.opens(profile, Some(seat)).await
    }

    async fn is_killed(&self, pc: Rc<Walk>) -> anyhow::Result<TempDir> {
        self.open.borrow_mut().retain(|walk| !Rc::ptr_eq(walk, &pc));
        Ok(Rc::into_inner(pc).context("nobody else looks at a PC that dies")?.dies().await)
    }

    /// A station of a journey: nothing on it is serious for axe, and it may be kept as a picture.
    pub(crate) async fn shows(&self, walk: &Walk, name: &str) -> anyhow::Result<()> {
        for theme in ["light", "dark"] {
            walk.lights(theme).await?;
            walk.is_accessible(&format!("{name}, {theme}")).await?;
            if let Some(album) = self.album.filter(|album| album.has(name)) {
                let (width, _) = self.look.size();
                walk.pictures(&album.folder.join(format!("{name}-{width}-{theme}.png"))).await?;
            }
        }
        Ok(())
    }

    async fn what_stood_there(&self) -> String {
        let open = self.open.borrow().clone();
        let mut all = String::new();
        for (at, walk) in open.iter().enumerate() {
            all.push_str(&format!("window {}: {}\n", at + 1, walk.what_stood_there().await));
        }
        all
    }
}
