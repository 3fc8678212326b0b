//! A line that loses answers and breaks off when it is told to.
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::line::Line;

/// A way between two servers that can be made worse.
pub struct Middle {
    at: SocketAddr,
    /// Answers that get lost; below 0, none.
    pub loses: Arc<AtomicI64>,
    /// Bytes that still go before the line is cut; below 0, as many as there are.
    pub goes: Arc<AtomicI64>,
}

impl Middle {
    pub fn to(line: Line) -> Middle {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let at = listener.local_addr().unwrap();
        let (loses, goes) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicI64::new(-1)));
        let (lost, left) = (Arc::clone(&loses), Arc::clone(&goes));
        std::thread::spawn(move || {
            for caller in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(line.at()) else { continue };
                let (lost, left) = (Arc::clone(&lost), Arc::clone(&left));
                std::thread::spawn(move || between(caller, server, &lost, left));
            }
        });
        Middle { at, loses, goes }
    }

    pub fn address(&self) -> String {
        format!("http://{}", self.at)
    }
}

fn between(caller: TcpStream, server: TcpStream, lost: &AtomicI64, left: Arc<AtomicI64>) {
    let (mut from, mut to) = (caller.try_clone().unwrap(), server.try_clone().unwrap());
    let up = std::thread::spawn(move || {
        let mut bytes = vec![0; 16 << 10];
        while let Ok(read @ 1..) = from.read(&mut bytes) {
            let may = left.load(Ordering::SeqCst);
            if may >= 0 && left.fetch_sub(read as i64, Ordering::SeqCst) <= read as i64 {
                left.store(0, Ordering::SeqCst);
                break;
            }
            if to.write_all(&bytes[..read]).is_err() {
                break;
            }
        }
        let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    });
    let (mut from, mut to) = (server, caller);
    let mut bytes = vec![0; 16 << 10];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        if lost.load(Ordering::SeqCst) > 0 {
            lost.fetch_sub(1, Ordering::SeqCst);
            break;
        }
        if to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    up.join().unwrap();
}
