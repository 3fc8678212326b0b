//! The use cases of one PC: where register, store, files, clock and keys meet.
