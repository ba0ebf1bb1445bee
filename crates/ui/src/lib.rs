#![doc = include_str!("../README.md")]
#![expect(unreachable_pub, reason = "Leptos expands a component to a public function in a private module")]

mod badge;
mod button;
mod chart;
mod checkbox;
mod choices;
mod code;
mod combobox;
mod details;
mod dialog;
mod drawer;
mod effect;
mod empty;
mod field;
mod grid;
mod icon;
mod id;
mod keyed;
mod keys;
mod latest;
mod load;
mod menu;
mod notice;
mod pagination;
mod palette;
mod person;
mod picture;
mod progress;
mod segments;
mod select;
mod selection;
mod table;
mod tally;
#[cfg(test)]
mod tests;
mod text_input;
mod toast;
mod tone;
mod upload;
mod vdom;

pub use badge::{badge, chip};
pub use button::{Button, Variant, link_button};
pub use chart::{BarChoice, OutcomeChart, counted_bar, outcome_chart};
pub use checkbox::Checkbox;
pub use choices::{Choice, Choices};
pub use code::{CodeBlock, copy_text};
pub use combobox::{ComboOption, Combobox};
pub use details::Disclosure;
pub use dialog::{Dialog, opened_dialog};
pub use drawer::Drawer;
pub use effect::{effect, effect_after};
pub use empty::{empty_state, skeleton};
pub use grid::{
    Cells, ColumnChoice, DrawRow, Grid, GridColumns, GridGroups, GridOptions, GridSelection, GroupHeader,
    PagedLists, RowVersion, SelectedAll,
};
pub use icon::{brand_mark, glyph, glyph_element, icon, icon_flip, icon_sm, mount_sprite, vendor_mark};
pub use id::next_id;
pub use keyed::{KeyedRow, keyed};
pub use keys::{pressed, pressed_shortcut};
pub use latest::{Attempt, Latest};
pub use load::{Failure, Load, failed};
pub use menu::{Chosen, Menu, MenuItem};
pub use notice::{banner, notice, titled_notice};
pub use pagination::Pagination;
pub use palette::{Palette, PaletteGroup, PaletteMark, PaletteOption};
pub use person::{avatar, avatar_element, person_cell};
pub use picture::picture;
pub use progress::progress;
pub use segments::{Segment, Segments};
pub use select::{Select, SelectOption, SelectValue};
pub use selection::{Selection, none_or};
pub use table::{Column, DataTable, Sort, SortBy, grid_card};
pub use tally::{Tally, percent, tally, tally_bar};
pub use text_input::{PasswordInput, SearchInput, TextArea, TextInput};
pub use toast::{Announcer, LiveRegions, Toasts, announce, announce_now, provide_announcer, toast};
pub use tone::Tone;
pub use upload::Upload;
pub use vdom::VElement;

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
