//! Runs `deploy/once.sh` as systemd does: one process per connection, with the socket as standard input and
//! output.

use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use anyhow::Result;

use crate::{files, process};

/// A listening socket; dropping it stops it.
pub struct Once {
    /// `host:port`.
    pub host: String,
    is_stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Once {
    /// Starts listening on this machine. The script stores call numbers in `folder`.
    pub fn start(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let host = listener.local_addr()?.to_string();
        let is_stopping = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let (folder, is_stopping) = (folder.to_owned(), Arc::clone(&is_stopping));
            move || {
                for stream in listener.incoming() {
                    if is_stopping.load(Ordering::SeqCst) {
                        return;
                    }
                    let folder = folder.clone();
                    // Concurrently, because two calls with the same number may arrive at once.
                    thread::spawn(move || stream.map_err(Into::into).and_then(|stream| run(stream, folder)));
                }
            }
        });
        Ok(Self { host, is_stopping, thread: Some(thread) })
    }
}

impl Drop for Once {
    fn drop(&mut self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        TcpStream::connect(&self.host).ok();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

fn run(stream: TcpStream, folder: PathBuf) -> Result<()> {
    let script = files::root().join("deploy/once.sh");
    let mut command = process::command(&script.to_string_lossy());
    command.arg(folder).stdin(OwnedFd::from(stream.try_clone()?)).stdout(OwnedFd::from(stream));
    // The script exits by itself and reports errors to the relay.
    command.status()?;
    Ok(())
}
