//! What surrounds every page: frame, navigation, branding, preferences, shortcuts, and the idle lock.

pub mod app;
pub mod branding;
pub mod crash;
pub mod frame;
pub mod idle;
pub mod navigation;
pub mod new_version;
pub mod page_head;
pub mod preferences;
pub mod releases;
pub mod shortcuts;
