//! Wire messages, and the client's half of the protocol as a machine: push in, pull out.
