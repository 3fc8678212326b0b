//! A picture of a book in, PDF bytes out: the same picture gives the same bytes.
