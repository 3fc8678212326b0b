//! Stands in for acts.
