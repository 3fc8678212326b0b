//! The question to the search index for what was typed: every word, the last one perhaps begun.
//!
//! The index finds beginnings of up to three letters by themselves. A longer beginning, and a word
//! typed with marks, is looked up among the words of all documents and asked for as whole words:
//! these are read from the newest document on and no further than the page needs.
use register::Scope;

use crate::error::StoreError;
use crate::filing::tag_of;
use crate::lens::Lens;
use crate::shown::PREFIXES_MAX;
use crate::view::View;

/// Words of a query that are looked at.
const WORDS_MAX: usize = 16;
/// Whole words that stand for one that was typed; more are asked for by their beginning.
const WHOLE_MAX: usize = 64;
/// Words of all documents that are looked at for one that was typed.
const FORMS_MAX: usize = 1500;

/// What is asked of the search index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Matching {
    /// No document has such a word.
    Nothing,
    /// This, and every document found has the marks that were typed.
    Exact(String),
    /// This, and the marks that were typed are to be looked for in what is found.
    Folded(String),
}

/// One word of the question.
enum Asked {
    Nothing,
    Words(Vec<String>),
    Begun(String),
}

impl View<'_> {
    pub(crate) fn matching(
        &self,
        typed: &text::Typed,
        lens: &Lens,
    ) -> Result<Matching, StoreError> {
        let words = typed.words();
        let (mut parts, mut exact) = (Vec::new(), true);
        for (at, word) in words.iter().enumerate().take(WORDS_MAX) {
            let is_last = at + 1 == words.len().min(WORDS_MAX);
            let asked = if is_last { self.begun(word)? } else { self.whole(word)? };
            match asked {
                Asked::Nothing => return Ok(Matching::Nothing),
                Asked::Words(words) => parts.push(any_of(&words)),
                Asked::Begun(fold) => {
                    exact &= !word.has_marks();
                    parts.push(format!("\"{fold}\"*"));
                }
            }
        }
        if parts.is_empty() {
            return Ok(Matching::Nothing);
        }
        if !lens.is_staff() {
            let scopes = [Scope::Everyone];
            let tags: Vec<String> = scopes.iter().chain(lens.people()).map(tag_of).collect();
            parts.push(any_of(&tags));
        }
        let query = parts.join(" AND ");
        Ok(if exact { Matching::Exact(query) } else { Matching::Folded(query) })
    }

    /// A word typed to its end.
    fn whole(&self, word: &text::TypedWord) -> Result<Asked, StoreError> {
        let fold = word.fold();
        if !word.has_marks() {
            return Ok(Asked::Words(vec![fold]));
        }
        let sql = "
            SELECT word
            FROM form
            WHERE fold = ?1";
        let forms: Vec<String> = self.all(sql, [fold], |row| row.get(0))?;
        Ok(of(forms.into_iter().filter(|form| word.is_form(form)).collect()))
    }

    /// A word that is perhaps only begun.
    fn begun(&self, word: &text::TypedWord) -> Result<Asked, StoreError> {
        let fold = word.fold();
        let is_short = fold.chars().count() <= PREFIXES_MAX;
        if is_short && !word.has_marks() {
            return Ok(Asked::Begun(fold));
        }
        let sql = "
            SELECT fold, word
            FROM form
            WHERE fold >= ?1 AND fold < ?2
            LIMIT ?3";
        let after = format!("{fold}{}", char::MAX);
        let forms: Vec<(String, String)> =
            self.all(sql, (&fold, after, FORMS_MAX as i64 + 1), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        if forms.len() > FORMS_MAX {
            return Ok(Asked::Begun(fold));
        }
        let mut wanted: Vec<String> = if word.has_marks() {
            let begun = forms.into_iter().filter(|(_, form)| word.begins_form(form));
            begun.map(|(_, form)| form).collect()
        } else {
            forms.into_iter().map(|(folded, _)| folded).collect()
        };
        wanted.dedup();
        Ok(if wanted.len() > WHOLE_MAX { Asked::Begun(fold) } else { of(wanted) })
    }
}

fn of(words: Vec<String>) -> Asked {
    if words.is_empty() { Asked::Nothing } else { Asked::Words(words) }
}

fn any_of(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.as_slice() {
        [only] => only.clone(),
        several => format!("({})", several.join(" OR ")),
    }
}
