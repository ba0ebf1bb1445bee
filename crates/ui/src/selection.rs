//! The selected value of a control.

use leptos::prelude::*;

/// The selected one of a fixed list of values. It holds an index, so that values of every type share one signal
/// and one view. Copies share the same signal.
#[derive(Debug)]
pub struct Selection<T: 'static> {
    values: &'static [T],
    index: RwSignal<u32>,
}

impl<T> Clone for Selection<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Selection<T> {}

impl<T: Copy + PartialEq> Selection<T> {
    /// Selects `value` among `values`, which are not empty.
    pub fn new(values: &'static [T], value: T) -> Self {
        let selection = Self { values, index: RwSignal::new(0) };
        selection.index.set(selection.index_of(value));
        selection
    }

    /// A selection whose index is a signal that exists already, such as one bound to the URL.
    pub fn of_index(values: &'static [T], index: RwSignal<u32>) -> Self {
        Self { values, index }
    }

    /// The selected value; tracked.
    pub fn get(self) -> T {
        self.values[self.index.get() as usize]
    }

    /// The selected value; not tracked.
    pub fn get_untracked(self) -> T {
        self.values[self.index.get_untracked() as usize]
    }

    /// Selects a value.
    pub fn set(self, value: T) {
        self.index.set(self.index_of(value));
    }

    /// Tracks the selection without reading it.
    pub fn track(self) {
        self.index.track();
    }

    /// The signal of the index.
    pub(crate) fn index(self) -> RwSignal<u32> {
        self.index
    }

    /// The index of a value. One that is not in the list is a mistake of the caller, and selects the first.
    pub(crate) fn index_of(self, value: T) -> u32 {
        self.values.iter().position(|other| *other == value).unwrap_or_default() as u32
    }
}

/// `None`, then the values: for a selection that may select none of them. `M` is `N + 1`.
pub const fn none_or<T: Copy, const N: usize, const M: usize>(values: [T; N]) -> [Option<T>; M] {
    let mut all = [None; M];
    let mut idx = 0;
    while idx < N {
        all[idx + 1] = Some(values[idx]);
        idx += 1;
    }
    all
}
