//! Changes to the people of a community, as data and pure functions.
//!
//! A form or a file becomes a [`Command`]. [`plan`](plan::plan) compares it with a [`Snapshot`] and the
//! [`Capabilities`] of a connection and returns a [`Plan`]. A [`Run`] splits the plan into [`Batch`]es, paces
//! them by a [`Budget`] and ends with one [`Outcome`] per [`Change`].
//!
//! This crate has no clock, no randomness, no HTTP and no vendor-specific formats.

pub mod address;
pub mod api_error;
pub mod batch;
pub mod bounded;
pub mod budget;
pub mod capabilities;
pub mod command;
pub mod connection;
pub mod connection_file;
pub mod dice;
pub mod driver;
pub mod entry;
pub mod examination;
pub mod export;
pub mod group;
pub mod id;
pub mod idle;
pub mod journal;
mod lookup;
pub mod outcome;
pub mod overlap;
pub mod paste;
pub mod person;
pub mod picture;
pub mod plain;
pub mod plan;
pub mod problem;
pub mod query;
pub mod read;
pub mod receipt;
pub mod retry;
pub mod run;
pub mod scope;
pub mod search;
pub mod secret;
pub mod snapshot;
pub mod summary;
pub mod vault;
pub mod vendor;

pub use api_error::{ApiError, ErrorClass};
pub use batch::{Batch, BatchItem, CallId};
pub use budget::{Budget, Limits, RateHint, Window};
pub use capabilities::Capabilities;
pub use command::{Command, Flow, Operation, Repeat};
pub use connection::{BaseUrl, Connection, Credentials, Destination, KeyStorage, KnownGroup, Reach, Target};
pub use dice::Dice;
pub use driver::Driver;
pub use entry::{Chunk, Entry, Heading, Learned, Line, Pause, Status, StoredPlan};
pub use group::{Group, GroupEdit, GroupKind, NewCommunity, NewGroup};
pub use id::{BatchId, ChangeId, ConnectionId, GroupId, Millis, PlanId, PriceId, ReadId, RoleId};
pub use journal::Stored;
pub use outcome::{Outcome, Reply};
pub use person::{Member, Person, PersonKey};
pub use picture::Picture;
pub use plan::{Action, Change, Plan, State};
pub use problem::{Place, Problem, ProblemCode, Severity};
pub use query::{Cursor, Items, Page, Query};
pub use receipt::{Receipt, Tally};
pub use retry::BatchFailure;
pub use run::{Reading, Run, Step};
pub use scope::Scope;
pub use search::Search;
pub use secret::Secret;
pub use snapshot::Snapshot;
pub use summary::Summary;
pub use vendor::Vendor;
