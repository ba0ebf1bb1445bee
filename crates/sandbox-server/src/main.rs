//! Runs the sandbox on 127.0.0.1 until SIGINT or SIGTERM.

use std::net::Ipv4Addr;
use std::process::ExitCode;

use anyhow::Context as _;
use sandbox_server::journal::Journal;
use sandbox_server::options::{HELP, Options};
use sandbox_server::routes::router;
use sandbox_server::serve::serve;
use sandbox_server::state::State;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run() -> anyhow::Result<()> {
    let Some(options) = Options::parse(lexopt::Parser::from_env())? else {
        print!("{HELP}");
        return Ok(());
    };
    let mut journal = match &options.db {
        Some(file) => Journal::open(file).with_context(|| format!("cannot open {}", file.display()))?,
        None => Journal::in_memory()?,
    };
    if options.reset {
        journal.clear()?;
    }
    let state = State::open(options.settings, journal)?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
        .await
        .with_context(|| format!("cannot listen on port {}; choose another with --port", options.port))?;
    println!("sandbox listening on http://{}", listener.local_addr()?);
    let stop = async {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    serve(listener, router(state, options.origins), stop).await?;
    Ok(())
}
