//! Hands results or people from one page to the form of another. Not in the address, which must not hold personal
//! data.

use std::cell::RefCell;
use std::sync::Arc;

use domain::export::Opened;
use domain::{Member, Vendor};

thread_local! {
    static RESULTS: RefCell<Option<(String, Arc<Opened>)>> = const { RefCell::new(None) };
    static PEOPLE: RefCell<Vec<(Box<str>, Box<str>)>> = const { RefCell::new(Vec::new()) };
}

/// Leaves results, under the title of their run, for the next page.
pub fn hand_over(title: &str, opened: Opened) {
    RESULTS.set(Some((title.to_owned(), Arc::new(opened))));
}

/// Takes the results left by the previous page.
pub fn handed_over() -> Option<(String, Arc<Opened>)> {
    RESULTS.take()
}

/// Leaves people for the form of the next page.
pub fn hand_over_people(vendor: Vendor, members: &[Member]) {
    let person = |member: &Member| Some((key_of(vendor, member)?, member.name.clone().unwrap_or_default()));
    PEOPLE.set(members.iter().filter_map(person).collect());
}

/// Takes the people left by the previous page: each a key as typed, and a name.
pub fn handed_over_people() -> Vec<(Box<str>, Box<str>)> {
    PEOPLE.take()
}

/// The key by which the vendor wants to know the person; `None` without such a key.
fn key_of(vendor: Vendor, member: &Member) -> Option<Box<str>> {
    let identity = vendors::capabilities(vendor).identity;
    let phone = member.phone.as_deref().filter(|_| identity.takes_phones);
    let phone = phone.map(|phone| ["+", phone.trim_start_matches('+')].concat().into());
    let id = Some(&member.id).filter(|id| identity.takes_ids && !id.is_empty());
    let email = member.email.as_ref().filter(|_| identity.takes_emails);
    id.or(email).cloned().or(phone)
}
