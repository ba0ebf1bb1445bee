#![doc = include_str!("../README.md")]

mod columns;
mod counts;
mod grouping;
mod key_table;
mod layout;
mod letters;
pub mod message;
mod packed;
mod pairs;
mod people_list;
mod places;
mod roles;
mod rows;
#[cfg(target_arch = "wasm32")]
pub mod scope;
mod selection;
mod snapshot;
mod sorting;
mod spec;
mod store;
mod view;

pub use counts::{DomainCount, ListCounts, RoleCount};
pub use grouping::{ACTIVE, GroupValue, INACTIVE, RowGroup};
pub use layout::{GridLayout, GridPlace};
pub use letters::{Collation, Compare};
pub use people_list::{PeopleList, Upserted};
pub use snapshot::ParseSnapshotError;
pub use spec::{GroupBy, Only, SortColumn, ViewFilter, ViewSort, ViewSpec};
pub use store::PeopleStore;
pub use view::place_of;
