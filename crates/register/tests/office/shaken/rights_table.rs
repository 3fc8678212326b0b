//! Stands in for rights_table.
