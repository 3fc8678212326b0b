//! The use cases of one PC: where register, store, files, clock and keys meet.

pub mod blobs;
pub mod durable;
pub mod folders;
pub mod heights;
pub mod keyring;
pub mod keyring_error;
pub mod keys;
pub mod scan_folder;

#[cfg(test)]
mod small_office;
