//! Hands results or people from one page to the form of another. Not in the address, which must not hold personal
//! data.

use std::cell::RefCell;
use std::sync::Arc;

use domain::export::Opened;
use domain::{ConnectionId, Member, Vendor};

/// People by a key as typed, and their names.
type KeysAndNames = Vec<(Box<str>, Box<str>)>;

thread_local! {
    static RESULTS: RefCell<Option<(String, Arc<Opened>)>> = const { RefCell::new(None) };
    static PEOPLE: RefCell<Option<(ConnectionId, KeysAndNames)>> = const { RefCell::new(None) };
}

/// Leaves results, under the title of their run, for the next page.
pub fn hand_over(title: &str, opened: Opened) {
    RESULTS.set(Some((title.to_owned(), Arc::new(opened))));
}

/// Takes the results left by the previous page.
pub fn handed_over() -> Option<(String, Arc<Opened>)> {
    RESULTS.take()
}

/// Leaves people of a connection to this vendor for the form of the next page.
pub fn hand_over_people(connection: &ConnectionId, vendor: Vendor, members: &[Member]) {
    let person = |member: &Member| Some((key_of(vendor, member)?, member.name.clone().unwrap_or_default()));
    PEOPLE.set(Some((connection.clone(), members.iter().filter_map(person).collect())));
}

/// Takes the people left by the previous page: each a key as typed, and a name. Nobody if they are of another connection.
pub fn handed_over_people(connection: &ConnectionId) -> KeysAndNames {
    PEOPLE.take().filter(|(of, _)| of == connection).map(|(_, people)| people).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn people_are_left_for_one_form_of_their_connection() {
        let (one, other) = (ConnectionId::new("one"), ConnectionId::new("other"));
        let leave =
            || hand_over_people(&one, Vendor::CometChat, &[Member { id: "u1".into(), ..Member::default() }]);
        leave();
        assert_eq!(handed_over_people(&one), [("u1".into(), "".into())]);
        assert_eq!(handed_over_people(&one), [], "they were taken");
        leave();
        assert_eq!(handed_over_people(&other), []);
        assert_eq!(handed_over_people(&one), [], "a form of another connection was opened since");
    }
}
