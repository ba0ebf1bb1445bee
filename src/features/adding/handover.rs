//! Hands results or people from one page to the form of another. Not in the address, which must not hold personal
//! data.

use std::cell::RefCell;
use std::sync::Arc;

use domain::export::Opened;
use domain::{Member, Vendor};

thread_local! {
    static RESULTS: RefCell<Option<(String, Arc<Opened>)>> = const { RefCell::new(None) };
    static PERSON: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Leaves results, under the title of their run, for the next page.
pub fn hand_over(title: &str, opened: Opened) {
    RESULTS.set(Some((title.to_owned(), Arc::new(opened))));
}

/// Takes the results left by the previous page.
pub fn handed_over() -> Option<(String, Arc<Opened>)> {
    RESULTS.take()
}

/// Leaves a person for the form of the next page.
pub fn hand_over_person(vendor: Vendor, person: &Member) {
    PERSON.set(line_of(vendor, person));
}

/// Takes the person left by the previous page, as a line of a list.
pub fn handed_over_person() -> Option<String> {
    PERSON.take()
}

/// Characters that separate people in a list, so that a name with one is left out.
const SEPARATORS: [char; 8] = [',', ';', '|', '<', '>', '"', '\t', '\n'];

fn line_of(vendor: Vendor, person: &Member) -> Option<String> {
    let identity = vendors::capabilities(vendor).identity;
    let id = Some(&*person.id).filter(|id| identity.takes_ids && !id.is_empty());
    let email = person.email.as_deref().filter(|_| identity.takes_emails);
    let key = id.or(email).or(person.phone.as_deref().filter(|_| identity.takes_phones))?;
    let name = person.name.as_deref().filter(|name| !name.trim().is_empty() && !name.contains(SEPARATORS));
    Some(name.map_or_else(|| key.to_owned(), |name| [name, " <", key, ">"].concat()))
}
