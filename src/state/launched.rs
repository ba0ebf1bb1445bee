//! A file that the operating system opened with the installed console, until its page takes it.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use web_sys::File;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaunchedKind {
    /// The results of a run.
    Results,
    Connections,
    /// A list of people.
    People,
    /// A request to review changes.
    Review,
}

type Open = Rc<dyn Fn(File)>;

// No signals: they would be part of the first load.
thread_local! {
    static LEFT: RefCell<Option<(LaunchedKind, File)>> = const { RefCell::new(None) };
    /// What opens a file on the page that is shown.
    static OPENER: RefCell<Option<(LaunchedKind, Open)>> = const { RefCell::new(None) };
}

/// Opens the file on its page, or leaves it for that page; true if the page is shown.
pub fn launch(kind: LaunchedKind, file: File) -> bool {
    let opener = OPENER.with_borrow(|opener| opener.clone().filter(|(shown, _)| *shown == kind));
    match opener {
        Some((_, open)) => {
            open(file);
            true
        }
        None => {
            LEFT.set(Some((kind, file)));
            false
        }
    }
}

/// Opens the file that was left for this page, and those that are launched while it is shown.
pub fn open_launched(kind: LaunchedKind, open: impl Fn(File) + 'static) {
    let left = LEFT.with_borrow_mut(|left| left.take_if(|(of, _)| *of == kind));
    if let Some((_, file)) = left {
        open(file);
    }
    OPENER.set(Some((kind, Rc::new(open))));
    on_cleanup(move || OPENER.with_borrow_mut(|opener| drop(opener.take_if(|(of, _)| *of == kind))));
}

#[cfg(test)]
mod tests {
    use super::*;
    use js_sys::Array;
    use std::cell::Cell;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn file() -> File {
        File::new_with_str_sequence(&Array::of1(&"{}".into()), "a.json").expect("a file can be made")
    }

    #[wasm_bindgen_test]
    fn a_file_is_opened_once_and_only_on_its_page() {
        let opened = Rc::new(Cell::new(0));
        let count = |opened: &Rc<Cell<u32>>| {
            let opened = Rc::clone(opened);
            move |_| opened.set(opened.get() + 1)
        };
        let page = Owner::new();
        assert!(!launch(LaunchedKind::Connections, file()));
        page.with(|| open_launched(LaunchedKind::Results, count(&opened)));
        assert_eq!(opened.get(), 0, "it is for another page");
        page.cleanup();
        page.with(|| open_launched(LaunchedKind::Connections, count(&opened)));
        assert_eq!(opened.get(), 1);
        assert!(launch(LaunchedKind::Connections, file()), "the page is shown");
        assert_eq!(opened.get(), 2);
        page.cleanup();
        assert!(!launch(LaunchedKind::Connections, file()), "the page is gone");
        page.with(|| open_launched(LaunchedKind::Connections, count(&opened)));
        assert_eq!(opened.get(), 3);
        page.cleanup();
    }
}
