//! Stands in for invariants.
