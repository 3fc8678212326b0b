//! A Rust file line by line, with code, literals and comments kept apart.

use std::{iter::Peekable, str::Chars};

/// One line of a Rust file.
#[derive(Debug, Clone, Default)]
pub(crate) struct CodeLine {
    /// The code, with the insides of literals and every comment left out.
    pub code: String,
    /// The insides of the string literals.
    pub literals: String,
}

/// Takes a Rust file apart. Line `n` of the file is at index `n - 1`.
pub(crate) fn code_lines(text: &str) -> Vec<CodeLine> {
    let mut reader = Reader { chars: text.chars().peekable(), lines: vec![CodeLine::default()] };
    while let Some(c) = reader.chars.next() {
        reader.read(c);
    }
    reader.lines
}

/// The lines before the tests of a file, for rules that don't bind tests.
pub(crate) fn before_tests(lines: &[CodeLine]) -> &[CodeLine] {
    let tests = lines.iter().position(|line| line.code.trim() == "#[cfg(test)]");
    let is_module = |at: usize| lines.get(at + 1).is_some_and(|next| next.code.contains("mod "));
    match tests {
        Some(at) if is_module(at) => lines.split_at(at).0,
        _ => lines,
    }
}

struct Reader<'a> {
    chars: Peekable<Chars<'a>>,
    lines: Vec<CodeLine>,
}

impl Reader<'_> {
    fn read(&mut self, c: char) {
        match (c, self.chars.peek().copied()) {
            ('/', Some('/')) => while self.chars.next_if(|&c| c != '\n').is_some() {},
            ('/', Some('*')) => self.skip_block_comment(),
            ('"', _) => self.read_string(),
            ('r', Some('"' | '#')) if !self.is_inside_a_word() => self.read_raw_string(),
            ('\'', _) => self.read_quote(),
            _ => self.put(c),
        }
    }

    fn put(&mut self, c: char) {
        if c == '\n' {
            self.lines.push(CodeLine::default());
        } else if let Some(line) = self.lines.last_mut() {
            line.code.push(c);
        }
    }

    fn put_literal(&mut self, c: char) {
        if c == '\n' {
            self.lines.push(CodeLine::default());
        } else if let Some(line) = self.lines.last_mut() {
            line.literals.push(c);
        }
    }

    fn is_inside_a_word(&self) -> bool {
        let last = self.lines.last().and_then(|line| line.code.chars().next_back());
        last.is_some_and(|last| (last.is_alphanumeric() && last != 'b') || last == '_')
    }

    fn skip_block_comment(&mut self) {
        let mut depth = 0;
        let mut last = '/';
        while let Some(c) = self.chars.next() {
            match (last, c) {
                ('/', '*') => depth += 1,
                ('*', '/') => depth -= 1,
                (_, '\n') => self.put('\n'),
                _ => (),
            }
            if depth == 0 {
                return;
            }
            last = if matches!((last, c), ('/', '*') | ('*', '/')) { ' ' } else { c };
        }
    }

    fn read_string(&mut self) {
        self.put('"');
        while let Some(c) = self.chars.next() {
            match c {
                '"' => break,
                '\\' => {
                    self.put_literal(c);
                    if let Some(escaped) = self.chars.next() {
                        self.put_literal(escaped);
                    }
                }
                _ => self.put_literal(c),
            }
        }
        self.put('"');
    }

    fn read_raw_string(&mut self) {
        let mut hashes = 0;
        while self.chars.next_if_eq(&'#').is_some() {
            hashes += 1;
        }
        if self.chars.next_if_eq(&'"').is_none() {
            // `r#name` is an identifier.
            return;
        }
        self.put('"');
        while let Some(c) = self.chars.next() {
            if c == '"' && self.closes(hashes) {
                break;
            }
            self.put_literal(c);
        }
        self.put('"');
    }

    fn closes(&mut self, hashes: usize) -> bool {
        let mut ahead = self.chars.clone();
        if !(0..hashes).all(|_| ahead.next() == Some('#')) {
            return false;
        }
        self.chars = ahead;
        true
    }

    // A quote opens a character, or names a lifetime.
    fn read_quote(&mut self) {
        let mut ahead = self.chars.clone();
        let (first, second) = (ahead.next(), ahead.next());
        self.put('\'');
        if first == Some('\\') {
            self.chars = ahead;
            while self.chars.next().is_some_and(|c| c != '\'') {}
            self.put('\'');
        } else if second == Some('\'') {
            self.chars = ahead;
            self.put('\'');
        }
    }
}
