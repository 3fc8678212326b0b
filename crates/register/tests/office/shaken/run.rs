//! Stands in for run.
