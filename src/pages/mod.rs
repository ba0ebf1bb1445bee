//! One module per route.

mod activity;
mod add_members;
mod address;
mod connection;
mod connections;
mod download;
mod group;
mod group_fields;
mod groups;
mod invites;
mod members;
mod moderators;
mod new_connection;
mod not_found;
mod not_read;
mod overview;
mod sandbox;
mod sending;
mod settings;
mod sheet;
mod under_way;

pub use activity::ActivityPage;
pub use add_members::AddMembersPage;
pub use connection::ConnectionPage;
pub use connections::ConnectionsPage;
pub use group::GroupPage;
pub use groups::GroupsPage;
pub use invites::InvitesPage;
pub use members::MembersPage;
pub use moderators::ModeratorsPage;
pub use new_connection::NewConnectionPage;
pub use not_found::NotFoundPage;
pub use overview::{OverviewPage, connected_overview};
pub use sandbox::SandboxPage;
pub use settings::SettingsPage;
