//! One agency's register on one PC, in one encrypted SQLite file.
