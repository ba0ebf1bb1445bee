//! The files of this release. Their names contain a content hash; the page maps plain names to them.

use crate::document;

/// The address of a file known by its plain name, such as `icons.svg`, relative to the page's `<base>`.
pub fn address(name: &str) -> String {
    let files = of_page("data-files").unwrap_or_default();
    let mut pairs = files.split(' ').filter_map(|pair| pair.split_once('='));
    let address = pairs.find_map(|(known, address)| (known == name).then(|| address.to_owned()));
    // Pages that were not built, such as in component tests, serve files under their plain names.
    address.unwrap_or_else(|| name.to_owned())
}

/// The name of this release. It changes with every byte of the release.
pub fn release() -> Option<String> {
    of_page("data-release")
}

/// The address of the service worker; `None` if this page must not register one.
pub fn worker() -> Option<String> {
    of_page("data-worker")
}

fn of_page(attribute: &str) -> Option<String> {
    document().get_element_by_id("boot")?.get_attribute(attribute)
}
