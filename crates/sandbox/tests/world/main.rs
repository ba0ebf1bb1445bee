//! The world as its callers see it.

mod ask;
mod cometchat;
mod genuin;
mod networked;
mod rates;
mod replay;
mod sentinels;
mod shapes;
