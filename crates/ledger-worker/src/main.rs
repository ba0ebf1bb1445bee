//! Starts the worker.

#[cfg(target_arch = "wasm32")]
fn main() {
    ledger_worker::scope::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    eprintln!("this program is for browsers: build it for wasm32-unknown-unknown");
    std::process::ExitCode::FAILURE
}
