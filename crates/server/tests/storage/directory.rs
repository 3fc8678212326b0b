//! What every storage promises of the directory, of who keeps it and of what was stated.
use register::{AgencyId, Moment, StatementId};
use server::{StatementKept, StorageFault, Writing, written};

use crate::cast::{Making, ORG, OTHER, org, reads, writes};

pub fn the_directory_counts_every_change<M: Making>() {
    let Some(making) = M::new() else { return };
    let storage = making.open();
    writes(&storage, ORG, |writing| {
        writing.put_org(&org(ORG, 0))?;
        writing.put_listed(ORG, "one")
    });
    assert_eq!(reads(&storage, |reading| reading.listed_head()), 1);
    writes(&storage, ORG, |writing| {
        writing.put_org(&org(ORG, 0))?;
        writing.put_listed(OTHER, "two")?;
        assert_eq!(writing.listed_of(OTHER)?, Some("two".to_owned()));
        writing.put_listed(ORG, "one again")
    });
    reads(&storage, |reading| {
        let above: Vec<String> = reading.listed(1, 9)?.into_iter().map(|(_, body)| body).collect();
        assert_eq!(above.len(), 2, "{above:?}");
        assert_eq!(reading.listed_head()?, 3);
        assert_eq!(reading.listed(3, 9)?, []);
        assert_eq!(reading.listed_of(ORG)?, Some("one again".to_owned()));
        Ok(())
    });
}

fn statement(nth: u64, about: AgencyId) -> StatementKept {
    let id = StatementId([u8::try_from(nth).unwrap(); 16]);
    StatementKept { nth, id, about, body: format!("statement {nth}") }
}

pub fn who_keeps_the_directory_and_what_was_stated_is_known<M: Making>() {
    let Some(making) = M::new() else { return };
    let storage = making.open();
    written::<(), StorageFault>(&storage, None, |writing| {
        writing.hold_directory()?;
        writing.put_keeper(ORG, Moment(5))?;
        writing.put_keeper(OTHER, Moment(6))?;
        writing.put_keeper(ORG, Moment(7))?;
        for (nth, about) in [(1, ORG), (2, OTHER), (3, ORG)] {
            writing.append_statement(&statement(nth, about))?;
        }
        // The job that wrote them sees them.
        assert_eq!(writing.keepers()?, [(ORG, Moment(5)), (OTHER, Moment(6))]);
        assert_eq!((writing.statement_head()?, writing.statements(1, 1)?.len()), (3, 1));
        Ok(())
    })
    .unwrap();
    let taken = |nth, id| {
        let again = StatementKept { id: StatementId([id; 16]), ..statement(nth, ORG) };
        let put = move |writing: &dyn Writing| writing.append_statement(&again);
        written::<(), StorageFault>(&storage, None, put).unwrap_err();
    };
    taken(3, 9);
    taken(4, 1);
    written::<(), StorageFault>(&storage, None, |writing| writing.drop_keeper(OTHER)).unwrap();
    reads(&storage, |reading| {
        assert_eq!(reading.keepers()?, [(ORG, Moment(5))]);
        assert_eq!(reading.statements(1, 9)?, [statement(2, OTHER), statement(3, ORG)]);
        assert_eq!(reading.statement(StatementId([2; 16]))?, Some(statement(2, OTHER)));
        assert_eq!(reading.statement(StatementId([9; 16]))?, None);
        assert_eq!(reading.last_statement(ORG)?, Some(statement(3, ORG)));
        assert_eq!(reading.statement_head()?, 3);
        Ok(())
    });
}
