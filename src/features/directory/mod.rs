//! Lists of people that are read whole: how far the reading is, and the rows as they are found, sorted and selected.

pub mod filters;
pub mod grouping;
pub mod joined;
pub mod kept_words;
pub mod list_columns;
pub mod list_foot;
pub mod nobody;
pub mod order;
pub mod people_view;
pub mod reading_line;
pub mod selection_bar;
