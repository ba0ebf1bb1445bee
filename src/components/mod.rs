//! Pieces that know the console: the shell around every page.

pub mod crash;
pub mod preferences;
pub mod shell;
