//! What the page may ask and is told.
