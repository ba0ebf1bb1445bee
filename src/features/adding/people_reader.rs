//! The code that reads lists of people. Fetched with the engine: a form can be used before anything is read in it.

use domain::list::{self, List, ListEntry, Rules};
use domain::phone::Country;

use crate::state::code::Code;
use crate::state::runs::needed_engine;

/// Reads lists. Having it proves that the code is here.
#[derive(Clone, Copy, Debug)]
pub struct PeopleReader {
    pub read: fn(&str, &Rules) -> List,
    pub read_one: fn(&str, &str, &Rules) -> ListEntry,
    pub mark_doubles: fn(&mut [ListEntry]),
    /// Two lists as one.
    pub joined: fn(&str, &str) -> String,
    /// The words whose scope is asked about or was chosen.
    pub scope_words: fn(&List, &Rules) -> Vec<Box<str>>,
    /// The country of a calling code.
    pub country: fn(&str) -> Option<Country>,
}

thread_local! {
    static READER: Code<PeopleReader> = const { Code::new() };
}

/// Makes lists readable; what names it contains the code.
pub fn install_people_reader() {
    READER.with(|code| {
        code.install(PeopleReader {
            read: list::read,
            read_one: list::read_one,
            mark_doubles: list::mark_doubles,
            joined: list::joined,
            scope_words: List::scope_words,
            country: Country::of_code,
        });
    });
}

/// What reads lists, once it is here. Fetches it if nothing else has needed it; tracked.
pub fn people_reader() -> Option<PeopleReader> {
    needed_engine()?;
    READER.with(Code::fetched)
}

/// Makes lists readable without fetching anything.
#[cfg(test)]
pub fn install_for_tests() {
    crate::state::runs::install_engine();
    install_people_reader();
}
