//! Runs a program in the background and buffers its output.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use crate::process;

/// A background program. Dropping it kills its whole process group.
pub struct Apart {
    group: u32,
    is_over: Arc<AtomicBool>,
    whole: Option<JoinHandle<Result<Ended>>>,
}

pub struct Ended {
    pub status: ExitStatus,
    /// Standard output and standard error, interleaved.
    pub told: String,
    pub took: Duration,
}

impl Apart {
    /// Starts the program in its own process group, so that it can be killed together with its children.
    pub fn start(command: &mut Command) -> Result<Self> {
        let started = Instant::now();
        let child = process::start_piped(command.process_group(0).stdin(Stdio::null()))?;
        let group = child.id();
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        let whole = thread::spawn(move || {
            let gathered = process::gather(child, std::io::sink, std::io::sink);
            over.store(true, Ordering::SeqCst);
            let (status, told) = gathered?;
            Ok(Ended { status, told, took: started.elapsed() })
        });
        Ok(Self { group, is_over, whole: Some(whole) })
    }

    /// Waits for the program to end.
    pub fn finish(mut self) -> Result<Ended> {
        let whole = self.whole.take().ok_or_else(|| anyhow!("it was waited for before"))?;
        whole.join().map_err(|_| anyhow!("the thread that read its output panicked"))?
    }

    /// Forwards Ctrl-C, which the terminal only sends to its own process group.
    pub fn end_with_this_program(&self) -> Result<()> {
        static GROUPS: Mutex<Vec<(u32, Arc<AtomicBool>)>> = Mutex::new(Vec::new());
        let mut groups =
            GROUPS.lock().map_err(|_| anyhow!("a thread panicked while it started a program"))?;
        if groups.is_empty() {
            ctrlc::set_handler(move || {
                let groups = GROUPS.lock().map(|groups| groups.clone()).unwrap_or_default();
                groups
                    .iter()
                    .filter(|(_, is_over)| !is_over.load(Ordering::SeqCst))
                    .for_each(|(group, _)| end(*group));
                std::process::exit(130);
            })?;
        }
        groups.push((self.group, Arc::clone(&self.is_over)));
        Ok(())
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        if !self.is_over.load(Ordering::SeqCst) {
            end(self.group);
        }
    }
}

fn end(group: u32) {
    // Fails harmlessly if the group has already ended.
    let mut kill = Command::new("kill");
    kill.args(["-TERM", "--", &format!("-{group}")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = process::command("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn keeps_what_was_printed_and_how_it_ended() {
        let apart = Apart::start(&mut shell("echo one; echo two >&2; exit 3")).expect("sh starts");
        let ended = apart.finish().expect("sh ends");
        assert_eq!(ended.status.code(), Some(3));
        assert!(ended.told.contains("one\n") && ended.told.contains("two\n"), "{}", ended.told);
    }

    #[test]
    fn ends_with_all_that_it_started() {
        let mut apart = Apart::start(&mut shell("sleep 600 & wait")).expect("sh starts");
        let whole = apart.whole.take().expect("nobody waited for it");
        drop(apart);
        // The reader ends when the pipe is closed, and `sleep` holds the pipe open too.
        let ended = whole.join().expect("the reader does not panic").expect("sh ends");
        assert!(!ended.status.success());
    }
}
