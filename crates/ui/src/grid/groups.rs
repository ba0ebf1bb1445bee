//! Header rows: each is above the rows of a group, which it collapses and selects.

use std::fmt;
use std::sync::Arc;

use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::SelectedAll;
use crate::icon::icon_sm_element;
use crate::vdom::VElement;
use i18n::{format_number, text, without_isolates};

/// The header of a group of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupHeader {
    /// The name of the group.
    pub name: String,
    /// True for external data, which browsers must not translate.
    pub is_data: bool,
    /// Number of rows of the group, whether it is collapsed or not.
    pub count: usize,
    /// Whether its rows follow.
    pub is_expanded: bool,
    /// How many of its rows are selected.
    pub selected: SelectedAll,
}

/// The header rows of a grid. They are counted with all others, but neither drawn, opened nor selected like these.
#[derive(Clone)]
pub struct GridGroups {
    /// The header in a row; `None` for all other rows. Tracked.
    pub header: Arc<dyn Fn(usize) -> Option<GroupHeader> + Send + Sync>,
    /// Collapses or expands the group of the header in a row.
    pub on_toggle: Callback<usize>,
    /// Selects or deselects all rows of the group of the header in a row.
    pub on_select: Callback<(usize, bool)>,
}

impl fmt::Debug for GridGroups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GridGroups").finish_non_exhaustive()
    }
}

/// The one cell of a header. Its elements stay while what it says changes, or the change would not be announced.
pub(super) fn header_cell(header: &GroupHeader, id: String, columns: (usize, usize)) -> VElement {
    let (first, n_columns) = columns;
    let name = VElement::new("bdi").maybe("translate", header.is_data.then_some("no"));
    let count = [" · ", &format_number(header.count as f64)].concat();
    VElement::of_class("div", "vcell")
        .attribute("role", "rowheader")
        .attribute("id", id)
        .attribute("aria-colindex", first.to_string())
        .attribute("aria-colspan", n_columns.to_string())
        .attribute("aria-expanded", if header.is_expanded { "true" } else { "false" })
        .with(icon_sm_element("chevron-down"))
        .with(name.text(header.name.clone()))
        .with(VElement::of_class("span", "muted").text(count))
}

/// The name of the checkbox of all rows of a group.
pub(super) fn tick_label(header: &GroupHeader) -> String {
    // An attribute is one text of its own direction.
    without_isolates(&text::ui_select_group(&header.name))
}

/// Shows how many rows of a group are selected.
pub(super) fn show_selected(tick: &HtmlInputElement, selected: SelectedAll) {
    tick.set_checked(selected == SelectedAll::All);
    tick.set_indeterminate(selected == SelectedAll::Some);
}
