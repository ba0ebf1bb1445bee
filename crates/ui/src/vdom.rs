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
    content: Content,
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
        Self { tag, attributes: Vec::new(), content: Content::Nodes(Vec::new()) }
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
        content: DrawnContent,
    },
}

enum DrawnContent {
    Nodes(Vec<Drawn>),
    View { key: String, view: Box<AnyViewState>, owner: Owner },
}

impl DrawnNodes {
    /// Shows these elements after what else is in the parent, or changes what differs in those that are shown.
    pub(crate) fn show(&mut self, parent: &Element, elements: Vec<VElement>) {
        show(parent, &mut self.0, elements.into_iter().map(VNode::Element));
    }
}

fn show(parent: &Node, drawn: &mut Vec<Drawn>, nodes: impl Iterator<Item = VNode>) {
    let mut n_nodes = 0;
    for node in nodes {
        match drawn.get_mut(n_nodes) {
            Some(drawn) => change(parent, drawn, node),
            None => {
                let new = create(node);
                // Fails only if the parent is inside the node.
                let _ = parent.append_child(new.node());
                drawn.push(new);
            }
        }
        n_nodes += 1;
    }
    for gone in drawn.drain(n_nodes..) {
        // Fails only if it has left the document.
        let _ = parent.remove_child(gone.node());
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

fn create(node: VNode) -> Drawn {
    let VElement { tag, attributes, content } = match node {
        VNode::Text(text) => return Drawn::Text(document().create_text_node(&text).into(), text),
        VNode::Element(element) => element,
    };
    let created = match tag {
        "svg" | "use" => document().create_element_ns(Some(SVG), tag),
        _ => document().create_element(tag),
    };
    let element = created.expect("the tag is valid");
    attributes.iter().for_each(|(name, value)| set(&element, name, value));
    let content = create_content(&element, content);
    Drawn::Element { element, tag, attributes, content }
}

fn create_content(element: &Element, content: Content) -> DrawnContent {
    match content {
        Content::Nodes(nodes) => {
            let mut drawn = Vec::new();
            show(element, &mut drawn, nodes.into_iter());
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

fn change(parent: &Node, drawn: &mut Drawn, node: VNode) {
    match (drawn, node) {
        (Drawn::Text(text_node, text), VNode::Text(new)) => {
            if *text != new {
                text_node.set_node_value(Some(&new));
                *text = new;
            }
        }
        (Drawn::Element { element, tag, attributes, content }, VNode::Element(new)) if *tag == new.tag => {
            change_attributes(element, attributes, new.attributes);
            change_content(element, content, new.content);
        }
        (drawn, node) => {
            let new = create(node);
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

fn change_content(element: &Element, drawn: &mut DrawnContent, content: Content) {
    match (drawn, content) {
        (DrawnContent::Nodes(drawn), Content::Nodes(nodes)) => show(element, drawn, nodes.into_iter()),
        (DrawnContent::View { key, .. }, Content::View(new, _)) if *key == new => {}
        (drawn, content) => {
            match drawn {
                DrawnContent::Nodes(nodes) => show(element, nodes, std::iter::empty()),
                DrawnContent::View { view, owner, .. } => {
                    view.unmount();
                    owner.cleanup();
                }
            }
            *drawn = create_content(element, content);
        }
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

    fn row(name: &'static str, hint: Option<&'static str>, class: Option<&'static str>) -> Vec<VElement> {
        let hint = hint.map(|hint| VElement::of_class("span", "hint").text(hint));
        vec![
            VElement::cell("name").with(VElement::name("", name)).with_all(hint),
            VElement::cell("").maybe("title", class).text(name),
        ]
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
            drawn.show(&parent, again);
            let fresh = new();
            DrawnNodes::default().show(&fresh, first);
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
        drawn.show(&parent, draw("Ana", "1"));
        let picture = parent.query_selector("i").ok().flatten().expect("it is drawn");
        drawn.show(&parent, draw("Bo", "1"));
        assert!(parent.contains(Some(&picture)));
        assert_eq!(parent.text_content().as_deref(), Some("AnaBo"));
        drawn.show(&parent, draw("Cy", "2"));
        assert!(!parent.contains(Some(&picture)));
        assert_eq!(parent.text_content().as_deref(), Some("CyCy"));
    }
}
