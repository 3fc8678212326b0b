//! The operator's command line: `vanthu-server`.

fn main() {}
