//! The use cases of one PC: where register, store, files, clock and keys meet.

pub mod durable;
pub mod keyring;
pub mod keyring_error;
pub mod keys;
