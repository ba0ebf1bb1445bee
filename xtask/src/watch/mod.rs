//! Watches the sources for `cargo xtask serve --watch`, and does the work that a change needs.
//!
//! Styles and texts reach open pages at once. Builds run on their own thread, one at a time; the last good
//! build is served until the next one succeeds.

mod change;
mod live;
mod texts;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use anyhow::Result;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use crate::build::{self, Profile};
use crate::toolchain::Toolchain;
use crate::{files, sandbox};

pub use change::Work;
pub use live::{EVENTS, Live};

/// Does the work for changes.
pub struct Worker {
    live: Arc<Live>,
    builds: Sender<Work>,
}

impl Worker {
    /// Starts the thread that builds. `on_sandbox` is called after the sandbox server was built.
    pub fn start(live: Arc<Live>, toolchain: Toolchain, on_sandbox: impl Fn() + Send + 'static) -> Self {
        let (builds, wanted) = channel();
        let builder = Arc::clone(&live);
        thread::spawn(move || build_all(&builder, toolchain, &wanted, on_sandbox));
        Self { live, builds }
    }

    /// Does quick work at once, and leaves builds to the thread.
    pub fn handle(&self, work: Work) {
        let result = match work {
            Work::Styles => self.live.announce(),
            Work::Texts => self.texts(),
            Work::Site | Work::Sandbox => {
                // The thread ends only with this process.
                self.builds.send(work).ok();
                Ok(())
            }
            Work::Restart => {
                println!("watch: xtask itself changed; please start this command again");
                Ok(())
            }
        };
        if let Err(error) = result {
            eprintln!("watch: {error:#}");
        }
    }

    fn texts(&self) -> Result<()> {
        if self.live.read_texts()? {
            self.builds.send(Work::Site).ok();
        }
        self.live.announce()
    }
}

fn build_all(live: &Live, toolchain: Toolchain, wanted: &Receiver<Work>, on_sandbox: impl Fn()) {
    while let Ok(first) = wanted.recv() {
        let works: Vec<_> = std::iter::once(first).chain(wanted.try_iter()).collect();
        let site = build::ensure(toolchain, Profile::Dev).and_then(|_| live.announce());
        match site {
            Ok(()) => println!("watch: pages show the current build"),
            Err(error) => eprintln!("watch: {error:#}\nwatch: pages show the last good build"),
        }
        if works.contains(&Work::Sandbox) {
            match sandbox::build() {
                Ok(()) => on_sandbox(),
                Err(error) => eprintln!("watch: {error:#}\nwatch: the sandbox runs as before"),
            }
        }
    }
}

/// Calls `on_change` for each change of a source, until the watcher is dropped.
pub fn sources(on_change: impl Fn(Work) + Send + 'static) -> Result<RecommendedWatcher> {
    let root = files::root().canonicalize()?;
    let base = root.clone();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| match event {
        // Builds read every source.
        Ok(event) if event.kind.is_access() => {}
        Ok(event) => {
            let inside = event.paths.iter().filter_map(|path| path.strip_prefix(&base).ok());
            inside.filter_map(change::work_for).for_each(&on_change);
        }
        Err(error) => eprintln!("watch: {error}"),
    })?;
    for folder in build::FOLDERS.iter().map(|folder| root.join(folder)).filter(|folder| folder.is_dir()) {
        watcher.watch(&folder, RecursiveMode::Recursive)?;
    }
    // Editors replace files, which ends a watch on the file itself.
    for folder in [root.join(".cargo"), root] {
        watcher.watch(&folder, RecursiveMode::NonRecursive)?;
    }
    Ok(watcher)
}
