//! A file of an object store as it is read: piece by piece, the next one under way.
use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use object_store::path::Path;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::way::Way;
use crate::storage::Found;

/// Bytes asked for in one call. Two pieces are in memory for one who reads; the store's line is not
/// held by a reader who is slow.
pub(super) const PIECE_BYTES: u64 = 512 << 10;

/// A span of one object.
pub(super) struct Pieces {
    way: Arc<Way>,
    runtime: Handle,
    at: Path,
    /// What nobody has asked for yet.
    left: (u64, u64),
    piece: io::Cursor<Vec<u8>>,
    coming: Option<JoinHandle<Found<Option<Vec<u8>>>>>,
}

impl Pieces {
    /// From one byte to before another, on the store's own runtime.
    pub fn new(way: Arc<Way>, runtime: Handle, at: Path, span: (u64, u64)) -> Pieces {
        let piece = io::Cursor::default();
        let mut pieces = Pieces { way, runtime, at, left: span, piece, coming: None };
        pieces.ask();
        pieces
    }

    fn ask(&mut self) {
        let (from, end) = self.left;
        let upto = end.min(from.saturating_add(PIECE_BYTES));
        if upto <= from {
            return;
        }
        self.left.0 = upto;
        let (way, at) = (Arc::clone(&self.way), self.at.clone());
        let asks = async move { way.piece(&at, (from, upto)).await };
        self.coming = Some(self.runtime.spawn(asks));
    }
}

impl AsyncRead for Pieces {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        loop {
            ready!(Pin::new(&mut self.piece).poll_read(cx, into))?;
            if into.filled().len() > before || into.remaining() == 0 {
                return Poll::Ready(Ok(()));
            }
            let Some(coming) = &mut self.coming else { return Poll::Ready(Ok(())) };
            let come = ready!(Pin::new(coming).poll(cx));
            self.coming = None;
            let piece = come.map_err(io::Error::other)?.map_err(io::Error::other)?;
            let piece = piece.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
            self.piece = io::Cursor::new(piece);
            self.ask();
        }
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        if let Some(coming) = &self.coming {
            coming.abort();
        }
    }
}
