//! What is said of a list that is kept on the device, or cannot be. Fetched with the code that keeps it.

use domain::Millis;

use crate::features::directory::list_foot::moment;
use crate::state::code::Code;
use crate::state::session::NotKept;
use i18n::text;

thread_local! {
    static KEPT_WORDS: Code<KeptWords> = const { Code::new() };
}

#[derive(Clone, Copy)]
struct KeptWords {
    kept: fn(Millis) -> String,
    not_kept: fn(NotKept) -> String,
}

/// Makes keeping wordable.
pub fn install_kept_words() {
    let words = KeptWords {
        kept: |read_at| text::directory_kept(&moment(read_at)),
        not_kept: |why| match why {
            NotKept::TooLarge => text::directory_not_kept_large(),
            NotKept::Full => text::directory_not_kept_full(),
            NotKept::Failed => text::directory_not_kept(),
        },
    };
    KEPT_WORDS.with(|code| code.install(words));
}

/// Says that a list was read then, and kept. `None` before the code is here, without which nothing is kept.
pub fn kept(read_at: Millis) -> Option<String> {
    KEPT_WORDS.with(Code::fetched).map(|words| (words.kept)(read_at))
}

/// Says why a list is not kept.
pub fn not_kept(why: NotKept) -> Option<String> {
    KEPT_WORDS.with(Code::fetched).map(|words| (words.not_kept)(why))
}
