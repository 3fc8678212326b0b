//! What search looks at in a document: its texts, column by column, and the words of them.
use std::collections::BTreeSet;

use register::{Incoming, Outgoing, Recipient, State, number_on_paper};
use text::{IndexedWord, indexed_words};

/// Letters of the beginnings that the search index finds by themselves; a longer beginning is
/// looked up among the words of all documents.
pub const PREFIXES_MAX: usize = 3;

/// Words of a document, folded, one text a column of the search index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub reference: String,
    pub issuer: String,
    pub subject: String,
    pub names: String,
    pub rest: String,
    pub tags: String,
    /// What each word folds to, and the word as the index has it; see [`Shown::forms`].
    pub forms: BTreeSet<(String, String)>,
}

/// Folded words of several texts.
fn folded<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut words: Vec<String> = Vec::new();
    for text in texts {
        words.extend(text::fold_words(text));
    }
    words.join(" ")
}

/// Every text of a document that search looks at, column by column.
pub struct Shown<'a> {
    pub reference: Vec<&'a str>,
    pub issuer: Vec<&'a str>,
    pub subject: Vec<&'a str>,
    pub names: Vec<&'a str>,
    pub rest: Vec<&'a str>,
}

impl Shown<'_> {
    pub fn folded(&self, tags: String) -> Words {
        Words {
            reference: folded(self.reference.iter().copied()),
            issuer: folded(self.issuer.iter().copied()),
            subject: folded(self.subject.iter().copied()),
            names: folded(self.names.iter().copied()),
            rest: folded(self.rest.iter().copied()),
            tags,
            forms: self.forms(),
        }
    }

    /// The words that are looked up by form, each once.
    fn forms(&self) -> BTreeSet<(String, String)> {
        let mut forms = BTreeSet::new();
        for text in self.columns().into_iter().flatten() {
            for IndexedWord { fold, marked } in indexed_words(text) {
                match marked {
                    Some(marked) => {
                        forms.insert((fold, marked));
                    }
                    None if fold.chars().count() > PREFIXES_MAX => {
                        forms.insert((fold.clone(), fold));
                    }
                    None => {}
                }
            }
        }
        forms
    }

    fn columns(&self) -> [&Vec<&str>; 5] {
        [&self.reference, &self.issuer, &self.subject, &self.names, &self.rest]
    }

    /// All of it as one text, for checking the marks that were typed.
    pub fn joined(&self) -> String {
        let mut all = String::new();
        for part in self.columns().into_iter().flatten() {
            all.push_str(part);
            all.push('\n');
        }
        all
    }
}

/// What search looks at in a document; none for other states.
pub fn shown<'a>(state: &'a State, number: &'a str) -> Option<Shown<'a>> {
    match state {
        State::Incoming(document) => Some(shown_incoming(document, number)),
        State::Outgoing(document) => Some(shown_outgoing(document, number)),
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => None,
    }
}

/// The number of a document as it is typed; empty while it has none.
pub fn number_text(state: &State) -> String {
    match state {
        State::Incoming(document) => match document.number {
            Some(number) => number.to_string(),
            None => number_on_paper(None, &document.held).unwrap_or_default(),
        },
        State::Outgoing(document) => {
            let number = document.given.as_ref().and_then(|given| given.number);
            number_on_paper(number, &document.held).unwrap_or_default()
        }
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => String::new(),
    }
}

pub fn shown_incoming<'a>(document: &'a Incoming, number: &'a str) -> Shown<'a> {
    let fields = &document.fields;
    let mut names = vec![fields.kind.as_str(), fields.signer.as_str(), fields.to_places.as_str()];
    names.extend(document.attachments.iter().map(|file| file.name.as_str()));
    let mut rest = vec![
        fields.signer_position.as_str(),
        fields.language.as_str(),
        fields.case_file.as_str(),
        fields.note.as_str(),
        document.proposal.as_str(),
    ];
    rest.extend(document.twin_reason.as_deref());
    rest.extend(document.directives.iter().map(|directive| directive.text.as_str()));
    rest.extend(document.void.as_ref().map(|void| void.reason.as_str()));
    let mut reference = vec![number, fields.number.as_str(), fields.symbol.as_str()];
    reference.extend(document.slip.as_deref());
    Shown {
        reference,
        issuer: vec![fields.issuer.as_str()],
        subject: vec![fields.subject.as_str()],
        names,
        rest,
    }
}

pub fn shown_outgoing<'a>(document: &'a Outgoing, number: &'a str) -> Shown<'a> {
    let fields = &document.fields;
    let mut names = vec![fields.kind.as_str(), fields.signer.as_str(), fields.keeper.as_str()];
    names.extend(document.attachments.iter().map(|file| file.name.as_str()));
    names.extend(fields.recipients.iter().map(|Recipient { name, code: _ }| name.as_str()));
    let mut rest = vec![
        fields.signer_position.as_str(),
        fields.language.as_str(),
        fields.case_file.as_str(),
        fields.note.as_str(),
    ];
    rest.extend(document.remarks.iter().map(|remark| remark.text.as_str()));
    rest.extend(document.dispatch.as_ref().map(|dispatch| dispatch.how.as_str()));
    rest.extend(document.void.as_ref().map(|void| void.reason.as_str()));
    let mut reference = vec![number];
    if let Some(given) = &document.given {
        reference.push(given.symbol.as_str());
        reference.extend(given.slip.as_deref());
    }
    Shown { reference, issuer: Vec::new(), subject: vec![fields.subject.as_str()], names, rest }
}
