//! The console's entry point.
fn main() {
    muster::start();
}
