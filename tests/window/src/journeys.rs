//! The journeys of PRODUCT, by pressing keys only; each is walked in the window and in a browser.

use crate::walk::Walk;

/// The window opens on the demo commune and shows rows.
pub async fn opens_on_the_register(walk: &Walk) -> anyhow::Result<()> {
    walk.finds("main").await?;
    walk.press("Ctrl+2").await?;
    walk.finds("[role=row]").await?;
    walk.is_accessible("Văn bản đến").await
}
