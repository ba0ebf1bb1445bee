//! sandbox-server
