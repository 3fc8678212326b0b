//! A file's bytes in; what it is, how many pages, whether it may enter, out.
