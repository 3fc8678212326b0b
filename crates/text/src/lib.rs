//! Vietnamese text: one normal form, folding for search, tone placement.
