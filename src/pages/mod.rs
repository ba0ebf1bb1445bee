//! One module per route.

mod activity;
mod add_members;
mod connection;
mod connections;
mod group;
mod groups;
mod import;
mod invites;
mod members;
mod moderators;
mod new_connection;
mod not_found;
mod overview;
mod run;
mod runs;
mod sandbox;
mod settings;
mod switched_off;

pub use activity::ActivityPage;
pub use add_members::AddMembersPage;
pub use connection::ConnectionPage;
pub use connections::ConnectionsPage;
pub use group::{ChangingForms, GroupPage, provide_changing_forms};
pub use groups::{CreatingForms, GroupsPage, provide_creating_forms};
pub use import::{ImportPage, ImportPreviewPage};
pub use invites::InvitesPage;
pub use members::MembersPage;
pub use moderators::ModeratorsPage;
pub use new_connection::NewConnectionPage;
pub use not_found::NotFoundPage;
pub use overview::{Explain, OverviewPage, connected_overview, explained, provide_explainer};
pub use run::{RunKeyForm, RunPage, provide_run_key_form};
pub use runs::{Choosing, OpenFilePage, RunsPage, choosing, provide_choosing};
pub use sandbox::SandboxPage;
pub use settings::SettingsPage;
pub use switched_off::SwitchedOffPage;
