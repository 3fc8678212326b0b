//! `vanthu`: the desk from the command line.
