//! One module per route.

mod activity;
mod add_members;
mod connection;
mod connections;
mod group;
mod groups;
mod invites;
mod members;
mod moderators;
mod new_connection;
mod not_found;
mod overview;
mod plan;
mod plans;
mod sandbox;
mod settings;
mod switched_off;

pub use activity::ActivityPage;
pub use add_members::AddMembersPage;
pub use connection::ConnectionPage;
pub use connections::ConnectionsPage;
pub use group::{ChangingForms, GroupPage, provide_changing_forms};
pub use groups::{CreatingForms, GroupsPage, provide_creating_forms};
pub use invites::InvitesPage;
pub use members::MembersPage;
pub use moderators::ModeratorsPage;
pub use new_connection::NewConnectionPage;
pub use not_found::NotFoundPage;
pub use overview::{Explain, OverviewPage, connected_overview, explained, provide_explainer};
pub use plan::{PlanPage, RunKeyForm, provide_run_key_form};
pub use plans::{Choosing, OpenFilePage, PlansPage, choosing, provide_choosing};
pub use sandbox::SandboxPage;
pub use settings::SettingsPage;
pub use switched_off::SwitchedOffPage;
