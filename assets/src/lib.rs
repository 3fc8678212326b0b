//! Constants of the field that ship with the program: catalogues, lunar dates, fonts.
