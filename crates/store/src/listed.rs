//! The directory of agencies as the server listed them: whole, so that it is there without a line.
use register::{AgencyId, Listed};

use crate::error::{Doing, StoreError};
use crate::store::Store;
use crate::view::View;

/// How far the directory was read, as a local value.
const UPTO: &str = "directory/upto";
/// Who keeps the directory, as a local value.
const KEEPERS: &str = "directory/keepers";

impl Store {
    /// Keeps a page of the directory, who keeps it, and how far the page goes.
    ///
    /// # Errors
    /// Faults of the file; nothing of the page is kept then.
    pub fn keep_listed(
        &self,
        (page, keepers): (&[Listed], &[AgencyId]),
        upto: u64,
    ) -> Result<(), StoreError> {
        let mut writer = self.writer();
        let tx = writer.conn.transaction().doing("beginning a page of the directory")?;
        for listed in page {
            let body = serde_json::to_string(listed)
                .map_err(|source| StoreError::Body { what: "listed", source })?;
            tx.prepare_cached(
                "
                INSERT INTO listed (id, body)
                VALUES (?1, ?2)
                ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            )
            .and_then(|mut put| put.execute((listed.id.0, body)))
            .doing("keeping an entry of the directory")?;
        }
        let keepers: Vec<u8> = keepers.iter().flat_map(|keeper| keeper.0).collect();
        for (name, value) in [(UPTO, &upto.to_be_bytes()[..]), (KEEPERS, &keepers)] {
            tx.prepare_cached(
                "
                INSERT INTO local (name, value)
                VALUES (?1, ?2)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )
            .and_then(|mut put| put.execute((name, value)))
            .doing("keeping how far the directory was read")?;
        }
        tx.commit().doing("keeping a page of the directory")?;
        drop(writer);
        self.wrote(1);
        Ok(())
    }

    /// How far the directory was read.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn listed_upto(&self) -> Result<u64, StoreError> {
        let kept = self.local(UPTO)?;
        let bytes = kept.and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
        Ok(bytes.map_or(0, u64::from_be_bytes))
    }
}

impl Store {
    /// The agencies that keep the directory, as the server told it last.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn keepers(&self) -> Result<Vec<AgencyId>, StoreError> {
        let kept = self.local(KEEPERS)?.unwrap_or_default();
        Ok(kept.as_chunks().0.iter().map(|id| AgencyId(*id)).collect())
    }
}

impl View<'_> {
    /// The whole directory as the server listed it.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn listed(&self) -> Result<Vec<Listed>, StoreError> {
        let sql = "
            SELECT body
            FROM listed
            ORDER BY id";
        let bodies: Vec<String> = self.all(sql, [], |row| row.get(0))?;
        let read = |body: &String| {
            serde_json::from_str(body).map_err(|source| StoreError::Body { what: "listed", source })
        };
        bodies.iter().map(read).collect()
    }
}
