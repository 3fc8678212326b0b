//! Everything an agency knows, as the table of rights asks for it.
use std::collections::BTreeMap;

use register::{Key, State};

/// The states of a log.
#[derive(Default)]
pub struct World {
    pub states: BTreeMap<Key, State>,
}
