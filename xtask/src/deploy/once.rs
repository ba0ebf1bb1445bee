//! What systemd does with `deploy/once.sh`: starts it for every connection, which is its input and its output.

use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use anyhow::Result;

use crate::{files, process};

/// A socket that is listening; dropping it stops it.
pub struct Once {
    /// Host and port.
    pub host: String,
    is_stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Once {
    /// Starts to listen on this machine. Numbers are kept in a folder.
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
                    // Side by side, as two of the same number may come at once.
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
    // It ends by itself, and says what it has to say to the server.
    command.status()?;
    Ok(())
}
