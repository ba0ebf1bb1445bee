//! The files of this release, whose names change with their bytes: the page knows the names.

use crate::document;

/// Where a file is that the source knows by a plain name, such as `icons.svg`. Counts from the page's `<base>`.
pub fn address(name: &str) -> String {
    let files = of_page("data-files").unwrap_or_default();
    let mut pairs = files.split(' ').filter_map(|pair| pair.split_once('='));
    let address = pairs.find_map(|(known, address)| (known == name).then(|| address.to_owned()));
    // A page that was not built, as in the tests of a single piece, has the plain names.
    address.unwrap_or_else(|| name.to_owned())
}

/// The name of this release, which changes with every byte of it.
pub fn release() -> Option<String> {
    of_page("data-release")
}

fn of_page(attribute: &str) -> Option<String> {
    document().get_element_by_id("boot")?.get_attribute(attribute)
}
