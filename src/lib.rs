//! The browser half of Muster.
pub fn start() {}
