//! What the jobs of a group are going to look up, asked for in the breath in which it begins.
use std::collections::BTreeMap;
use std::sync::Arc;

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use register::{AgencyId, BookId, CommandId, Key};

use super::known::Shelf;
use super::rows;
use super::tx::Tx;
use crate::states::key_bytes;
use crate::storage::{Found, Soon};

/// What is asked for, by table.
pub(super) struct Wanted {
    names: Vec<(AgencyId, CommandId)>,
    states: Vec<(AgencyId, Key)>,
    numbers: Vec<(AgencyId, BookId, i16, u32)>,
}

type Names<'w> = Vec<&'w [u8]>;

/// The same as columns.
pub(super) struct Columns<'w> {
    names: (Names<'w>, Names<'w>),
    states: (Names<'w>, Vec<Vec<u8>>),
    numbers: (Names<'w>, Names<'w>, Vec<i16>, Vec<i64>),
}

type Asked<'c> = (&'static str, Vec<&'c (dyn ToSql + Sync)>);

impl Wanted {
    pub fn of(soon: &[(AgencyId, &Soon)], shelf: &Shelf) -> Wanted {
        let (mut names, mut states, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for (org, of) in soon {
            names.extend(of.names.iter().map(|name| (*org, *name)));
            let unknown = of.states.iter().filter(|key| !shelf.has_state(*org, **key));
            states.extend(unknown.map(|key| (*org, *key)));
            let taken = of.numbers.iter().filter(|number| shelf.may_be_taken(*org, **number));
            numbers.extend(taken.map(|(book, year, no)| (*org, *book, *year, *no)));
        }
        Wanted { names, states, numbers }
    }

    pub fn columns(&self) -> Columns<'_> {
        let numbers = &self.numbers;
        Columns {
            names: self.names.iter().map(|(org, id)| (&org.0[..], &id.0[..])).unzip(),
            states: self
                .states
                .iter()
                .map(|(org, key)| (&org.0[..], key_bytes(*key).to_vec()))
                .unzip(),
            numbers: (
                numbers.iter().map(|(org, ..)| &org.0[..]).collect(),
                numbers.iter().map(|(_, book, ..)| &book.0[..]).collect(),
                numbers.iter().map(|(_, _, year, _)| *year).collect(),
                numbers.iter().map(|(_, _, _, no)| i64::from(*no)).collect(),
            ),
        }
    }

    /// Notes what was found, and what is not there. What is in the log already is rare, and looked
    /// up again when it is needed.
    pub fn learn(self, tx: &Tx<'_>, answers: &[Vec<Row>]) -> Found<()> {
        let mut answers = answers.iter();
        let mut answer =
            |is_asked: bool| is_asked.then(|| answers.next()).flatten().into_iter().flatten();
        let names = answer(!self.names.is_empty());
        let states = answer(!self.states.is_empty());
        let numbers = answer(!self.numbers.is_empty());
        let mut absent = tx.absent.borrow_mut();
        let pins = tx.pins.borrow();
        // What had no row was not locked when it was asked for.
        let held = |org: &AgencyId| pins.get(org).is_some_and(Option::is_some);
        absent.names.extend(self.names.into_iter().filter(|(org, _)| held(org)));
        for row in names {
            let name = (AgencyId(rows::bytes(row, 0)?), CommandId(rows::bytes(row, 1)?));
            absent.names.remove(&name);
        }
        absent.numbers.extend(self.numbers.into_iter().filter(|(org, ..)| held(org)));
        for row in numbers {
            let no: i64 = rows::value(row, 3)?;
            let no = u32::try_from(no).unwrap_or_default();
            let (org, book) = (AgencyId(rows::bytes(row, 0)?), BookId(rows::bytes(row, 1)?));
            absent.numbers.remove(&(org, book, rows::value(row, 2)?, no));
        }
        let mut found = BTreeMap::new();
        for row in states {
            let (key, state) = rows::state(row)?;
            found.insert((AgencyId(rows::bytes(row, 5)?), key), Arc::new(state));
        }
        for (org, key) in self.states {
            // Two commands of one group may be about the same thing.
            let state = found.get(&(org, key)).cloned();
            tx.learn(org, |known| known.put_state(key, state))?;
        }
        Ok(())
    }
}

impl Columns<'_> {
    /// One statement for each table that is asked for something.
    pub fn steps(&self) -> Vec<Asked<'_>> {
        let names = "
            SELECT org, id
            FROM unnest($1::BYTEA[], $2::BYTEA[]) AS soon (org, id)
            JOIN entry USING (org, id)";
        let states = "
            SELECT key, ver, body, aud, aud_ever, org
            FROM unnest($1::BYTEA[], $2::BYTEA[]) AS soon (org, key)
            JOIN state USING (org, key)";
        let numbers = "
            SELECT org, book, year, no
            FROM unnest($1::BYTEA[], $2::BYTEA[], $3::SMALLINT[], $4::BIGINT[])
                AS soon (org, book, year, no)
            JOIN number USING (org, book, year, no)";
        let (org, book, year, no) = &self.numbers;
        let all: [Asked<'_>; 3] = [
            (names, vec![&self.names.0, &self.names.1]),
            (states, vec![&self.states.0, &self.states.1]),
            (numbers, vec![org, book, year, no]),
        ];
        let is_asked = [&self.names.0, &self.states.0, org].map(|column| !column.is_empty());
        all.into_iter().zip(is_asked).filter(|(_, asked)| *asked).map(|(all, _)| all).collect()
    }
}
