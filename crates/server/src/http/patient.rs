//! A connection whose other end has to take what it asked for: one that takes nothing is closed.
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// A connection with its patience.
pub(super) struct Patient<C> {
    connection: C,
    wait: Duration,
    /// Runs while the other end takes nothing.
    until: Option<Pin<Box<Sleep>>>,
}

impl<C> Patient<C> {
    pub fn new(connection: C, wait: Duration) -> Patient<C> {
        Patient { connection, wait, until: None }
    }

    /// What became of a write; one that nobody takes for too long has broken.
    fn waited<T>(
        &mut self,
        became: Poll<io::Result<T>>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if became.is_ready() {
            self.until = None;
            return became;
        }
        let wait = self.wait;
        let until = self.until.get_or_insert_with(|| Box::pin(sleep(wait)));
        if until.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        until.as_mut().reset(Instant::now() + wait);
        Poll::Ready(Err(io::Error::new(ErrorKind::TimedOut, "an answer that is not taken")))
    }
}

impl<C: AsyncRead + Unpin> AsyncRead for Patient<C> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_read(cx, into)
    }
}

impl<C: AsyncWrite + Unpin> AsyncWrite for Patient<C> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let became = Pin::new(&mut self.connection).poll_write(cx, bytes);
        self.waited(became, cx)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let became = Pin::new(&mut self.connection).poll_flush(cx);
        self.waited(became, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let became = Pin::new(&mut self.connection).poll_shutdown(cx);
        self.waited(became, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let became = Pin::new(&mut self.connection).poll_write_vectored(cx, bytes);
        self.waited(became, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.connection.is_write_vectored()
    }
}
