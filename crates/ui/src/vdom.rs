//! A virtual DOM for the rows of grids: elements as data, of which only what differs is changed in the document. Leptos'
//! views set every attribute again when they are drawn again.

use std::borrow::Cow;
use std::fmt;

use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Render};
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

const SVG: &str = "http://www.w3.org/2000/svg";

type Text = Cow<'static, str>;

/// An element, with its attributes and content.
pub struct VElement {
    tag: &'static str,
    attributes: Vec<(&'static str, Text)>,
    reference: Option<Reference>,
    content: Content,
}

/// How an element takes part in the names of a row. Rows are used again for others: ids that name neither person nor place
/// need not change then, where labels would.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reference {
    NamesRow,
    /// The key of a column, and the id of a further element.
    Named(&'static str, Option<&'static str>),
}

/// What the ids in a row begin with.
#[derive(Clone, Copy)]
pub(crate) struct RowIds<'a> {
    pub(crate) grid: &'a str,
    pub(crate) row: &'a str,
}

/// The id of the head of a column.
pub(crate) fn head_id(grid_id: &str, column: &str) -> String {
    [grid_id, "-head-", column].concat()
}

impl Reference {
    fn attribute(self, ids: RowIds<'_>) -> (&'static str, String) {
        let name = [ids.row, "-name"].concat();
        match self {
            Self::NamesRow => ("id", name),
            Self::Named(column, further) => {
                let head = head_id(ids.grid, column);
                let further = further.map_or_else(String::new, |id| [" ", id].concat());
                ("aria-labelledby", [&name, " ", &head, &further].concat())
            }
        }
    }
}

enum Content {
    Nodes(Vec<VNode>),
    /// A view, drawn again when its key changes.
    View(String, Box<dyn FnOnce() -> AnyView>),
}

enum VNode {
    Text(Text),
    Element(VElement),
}

impl fmt::Debug for VElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VElement").field("tag", &self.tag).finish_non_exhaustive()
    }
}

impl VElement {
    /// An element without content.
    pub fn new(tag: &'static str) -> Self {
        Self { tag, attributes: Vec::new(), reference: None, content: Content::Nodes(Vec::new()) }
    }

    /// A `div` or `span` with CSS classes.
    pub fn of_class(tag: &'static str, class: impl Into<Text>) -> Self {
        Self::new(tag).attribute("class", class)
    }

    /// A cell of a grid, with further CSS classes.
    pub fn cell(class: &'static str) -> Self {
        let class = if class.is_empty() { Text::from("vcell") } else { ["vcell ", class].concat().into() };
        Self::of_class("div", class).attribute("role", "gridcell")
    }

    /// A text in its own direction, which is not translated.
    pub fn name(class: &'static str, text: impl Into<Text>) -> Self {
        let named = Self::new("bdi").attribute("translate", "no");
        if class.is_empty() { named } else { named.attribute("class", class) }.text(text)
    }

    /// Adds an attribute. No name may occur twice.
    #[must_use]
    pub fn attribute(mut self, name: &'static str, value: impl Into<Text>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// Adds an attribute if there is a value.
    #[must_use]
    pub fn maybe(self, name: &'static str, value: Option<impl Into<Text>>) -> Self {
        match value {
            Some(value) => self.attribute(name, value),
            None => self,
        }
    }

    /// Makes this the element with the name of the row. It must have neither an `id`, nor another one beside it.
    #[must_use]
    pub fn naming_row(self) -> Self {
        Self { reference: Some(Reference::NamesRow), ..self }
    }

    /// Names the element by the [name of its row](Self::naming_row) and the head of a column, and by the element with a
    /// further id.
    #[must_use]
    pub fn named_by_row_and_column(self, column: &'static str, further: Option<&'static str>) -> Self {
        Self { reference: Some(Reference::Named(column, further)), ..self }
    }

    /// Adds a text.
    #[must_use]
    pub fn text(self, text: impl Into<Text>) -> Self {
        self.node(VNode::Text(text.into()))
    }

    /// Adds an element.
    #[must_use]
    pub fn with(self, child: VElement) -> Self {
        self.node(VNode::Element(child))
    }

    /// Adds elements.
    #[must_use]
    pub fn with_all(self, children: impl IntoIterator<Item = VElement>) -> Self {
        children.into_iter().fold(self, Self::with)
    }

    /// Makes a view the only content. It is drawn again when its key changes.
    #[must_use]
    pub fn view(self, key: impl Into<String>, draw: impl FnOnce() -> AnyView + 'static) -> Self {
        Self { content: Content::View(key.into(), Box::new(draw)), ..self }
    }

    fn node(mut self, node: VNode) -> Self {
        if let Content::Nodes(nodes) = &mut self.content {
            nodes.push(node);
        }
        self
    }
}

/// Elements in the document, and what they were made of.
#[derive(Default)]
pub(crate) struct DrawnNodes(Vec<Drawn>);

enum Drawn {
    Text(Node, Text),
    Element {
        element: Element,
        tag: &'static str,
        attributes: Vec<(&'static str, Text)>,
        reference: Option<Reference>,
        content: DrawnContent,
    },
}

enum DrawnContent {
    Nodes(Vec<Drawn>),
    View { key: String, view: Box<AnyViewState>, owner: Owner },
}

impl DrawnNodes {
    /// Shows these elements after what else is in the parent, or changes what differs in those that are shown.
    pub(crate) fn show(&mut self, parent: &Element, elements: Vec<VElement>, ids: RowIds<'_>) {
        show(parent, &mut self.0, elements.into_iter().map(VNode::Element), ids);
    }

    /// Takes all of them out.
    pub(crate) fn clear(&mut self, parent: &Element) {
        for gone in self.0.drain(..) {
            // Fails only if it has left the document.
            let _ = parent.remove_child(gone.node());
        }
    }
}

fn show(parent: &Node, drawn: &mut Vec<Drawn>, nodes: impl Iterator<Item = VNode>, ids: RowIds<'_>) {
    let mut n_nodes = 0;
    for node in nodes {
        match drawn.get_mut(n_nodes) {
            Some(drawn) => change(parent, drawn, node, ids),
            None => {
                let new = create(node, ids);
                // Fails only if the parent is inside the node.
                let _ = parent.append_child(new.node());
                drawn.push(new);
            }
        }
        n_nodes += 1;
    }
    for gone in drawn.drain(n_nodes..) {
        // Fails only if it has left the document: a translation of the page replaces texts.
        let is_replaced = parent.remove_child(gone.node()).is_err();
        if is_replaced && n_nodes == 0 && matches!(gone, Drawn::Text(..)) {
            parent.set_text_content(None);
        }
    }
}

impl Drawn {
    fn node(&self) -> &Node {
        match self {
            Self::Text(node, _) => node,
            Self::Element { element, .. } => element,
        }
    }
}

fn create(node: VNode, ids: RowIds<'_>) -> Drawn {
    let VElement { tag, attributes, reference, content } = match node {
        VNode::Text(text) => return Drawn::Text(document().create_text_node(&text).into(), text),
        VNode::Element(element) => element,
    };
    let created = match tag {
        "svg" | "use" => document().create_element_ns(Some(SVG), tag),
        _ => document().create_element(tag),
    };
    let element = created.expect("the tag is valid");
    attributes.iter().for_each(|(name, value)| set(&element, name, value));
    refer(&element, reference, ids);
    let content = create_content(&element, content, ids);
    Drawn::Element { element, tag, attributes, reference, content }
}

fn create_content(element: &Element, content: Content, ids: RowIds<'_>) -> DrawnContent {
    match content {
        Content::Nodes(nodes) => {
            let mut drawn = Vec::new();
            show(element, &mut drawn, nodes.into_iter(), ids);
            DrawnContent::Nodes(drawn)
        }
        Content::View(key, draw) => {
            let owner = Owner::new();
            let view = owner.with(|| {
                let mut view = draw().build();
                view.mount(element.unchecked_ref(), None);
                Box::new(view)
            });
            DrawnContent::View { key, view, owner }
        }
    }
}

fn change(parent: &Node, drawn: &mut Drawn, node: VNode, ids: RowIds<'_>) {
    match (drawn, node) {
        (Drawn::Text(text_node, text), VNode::Text(new)) => {
            if *text != new {
                text_node.set_node_value(Some(&new));
                *text = new;
            }
        }
        (Drawn::Element { element, tag, attributes, reference, content }, VNode::Element(new))
            if *tag == new.tag =>
        {
            change_attributes(element, attributes, new.attributes);
            if *reference != new.reference {
                if let Some(former) = reference.take() {
                    // Removing an attribute does not fail.
                    let _ = element.remove_attribute(former.attribute(ids).0);
                }
                refer(element, new.reference, ids);
                *reference = new.reference;
            }
            change_content(element, content, new.content, ids);
        }
        (drawn, node) => {
            let new = create(node, ids);
            // Fails only if it has left the document.
            let _ = parent.replace_child(new.node(), drawn.node());
            *drawn = new;
        }
    }
}

fn change_attributes(
    element: &Element,
    attributes: &mut Vec<(&'static str, Text)>,
    new: Vec<(&'static str, Text)>,
) {
    for (name, _) in attributes.iter() {
        if !new.iter().any(|(kept, _)| kept == name) {
            // Removing an attribute does not fail.
            let _ = element.remove_attribute(name);
        }
    }
    for attribute in &new {
        if !attributes.contains(attribute) {
            set(element, attribute.0, &attribute.1);
        }
    }
    *attributes = new;
}

fn change_content(element: &Element, drawn: &mut DrawnContent, content: Content, ids: RowIds<'_>) {
    match (drawn, content) {
        (DrawnContent::Nodes(drawn), Content::Nodes(nodes)) => show(element, drawn, nodes.into_iter(), ids),
        (DrawnContent::View { key, .. }, Content::View(new, _)) if *key == new => {}
        (drawn, content) => {
            match drawn {
                DrawnContent::Nodes(nodes) => show(element, nodes, std::iter::empty(), ids),
                DrawnContent::View { view, owner, .. } => {
                    view.unmount();
                    owner.cleanup();
                }
            }
            *drawn = create_content(element, content, ids);
        }
    }
}

fn refer(element: &Element, reference: Option<Reference>, ids: RowIds<'_>) {
    if let Some((name, value)) = reference.map(|reference| reference.attribute(ids)) {
        set(element, name, &value);
    }
}

/// Sets an attribute. That fails only for an invalid name.
fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const IDS: RowIds<'static> = RowIds { grid: "grid-1", row: "row-1" };

    fn row(name: &'static str, hint: Option<&'static str>, class: Option<&'static str>) -> Vec<VElement> {
        let hint = hint.map(|hint| VElement::of_class("span", "hint").text(hint));
        vec![
            VElement::cell("name").with(VElement::name("", name)).with_all(hint),
            VElement::cell("").maybe("title", class).text(name),
        ]
    }

    /// A row with an element that names it, and one that is named by it.
    fn named(further: Option<&'static str>) -> Vec<VElement> {
        let cell = VElement::cell("name").with(VElement::name("", "Ana").naming_row());
        vec![cell, VElement::cell("").named_by_row_and_column("admin", further)]
    }

    #[wasm_bindgen_test]
    fn what_is_drawn_again_is_as_if_it_were_drawn_for_the_first_time() {
        let rows = || {
            [
                row("Ana", None, None),
                row("Bo", Some("<b>banned</b>"), Some("x")),
                row("Bo", None, Some("y")),
                vec![VElement::of_class("div", "other").view("1", || view! { <i>"view"</i> }.into_any())],
                row("Cy", Some("new"), None),
                named(None),
                named(Some("until-now")),
                row("Di", None, None),
                Vec::new(),
                row("", Some(""), Some("")),
            ]
        };
        // Something else stands first, as a checkbox does in a row.
        let new = || {
            let parent = document().create_element("div").expect("the tag is valid");
            let other = document().create_element("input").expect("the tag is valid");
            parent.append_child(&other).expect("it can be added");
            parent
        };
        let (parent, mut drawn) = (new(), DrawnNodes::default());
        for (idx, (again, first)) in rows().into_iter().zip(rows()).enumerate() {
            drawn.show(&parent, again, IDS);
            let fresh = new();
            DrawnNodes::default().show(&fresh, first, IDS);
            assert!(parent.is_equal_node(Some(&fresh)), "row {idx}: {:?}", parent.text_content());
        }
    }

    #[wasm_bindgen_test]
    fn what_stays_is_not_touched() {
        let (parent, mut drawn) =
            (document().create_element("div").expect("the tag is valid"), DrawnNodes::default());
        let draw = |name: &'static str, key: &str| {
            let picture = VElement::new("span").view(key, move || view! { <i>{name}</i> }.into_any());
            vec![VElement::cell("").with(picture).with(VElement::name("", name))]
        };
        drawn.show(&parent, draw("Ana", "1"), IDS);
        let picture = parent.query_selector("i").ok().flatten().expect("it is drawn");
        drawn.show(&parent, draw("Bo", "1"), IDS);
        assert!(parent.contains(Some(&picture)));
        assert_eq!(parent.text_content().as_deref(), Some("AnaBo"));
        drawn.show(&parent, draw("Cy", "2"), IDS);
        assert!(!parent.contains(Some(&picture)));
        assert_eq!(parent.text_content().as_deref(), Some("CyCy"));
    }

    #[wasm_bindgen_test]
    fn an_element_is_named_by_its_row_and_a_column() {
        let (parent, mut drawn) =
            (document().create_element("div").expect("the tag is valid"), DrawnNodes::default());
        let label = || {
            let cell = parent.last_element_child().expect("it is drawn");
            cell.get_attribute("aria-labelledby")
        };
        drawn.show(&parent, named(None), IDS);
        let name = parent.query_selector("#row-1-name").ok().flatten();
        assert_eq!(name.and_then(|name| name.text_content()).as_deref(), Some("Ana"));
        assert_eq!(label().as_deref(), Some("row-1-name grid-1-head-admin"));
        drawn.show(&parent, named(Some("until-now")), IDS);
        assert_eq!(label().as_deref(), Some("row-1-name grid-1-head-admin until-now"));
        drawn.show(&parent, row("Bo", None, None), IDS);
        assert!(parent.query_selector("[id], [aria-labelledby]").is_ok_and(|found| found.is_none()));
    }

    #[wasm_bindgen_test]
    fn a_text_goes_even_if_a_translation_has_replaced_it() {
        let (parent, mut drawn) =
            (document().create_element("div").expect("the tag is valid"), DrawnNodes::default());
        let draw = |name: Option<&'static str>| {
            let cell = VElement::cell("");
            vec![if let Some(name) = name { cell.text(name) } else { cell }]
        };
        drawn.show(&parent, draw(Some("Ana")), IDS);
        let cell = parent.first_element_child().expect("it is drawn");
        cell.set_text_content(Some("Anna"));
        drawn.show(&parent, draw(None), IDS);
        assert_eq!(parent.text_content().as_deref(), Some(""));
    }
}
