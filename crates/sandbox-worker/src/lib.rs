//! sandbox-worker
