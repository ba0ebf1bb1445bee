//! Does the same work for many items, one at a time on each core.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::Result;

/// Does the work for each item. Each core takes the next item until one fails.
///
/// # Errors
/// If the work fails for an item.
pub fn each<T: Sync>(items: &[T], work: impl Fn(&T) -> Result<()> + Sync) -> Result<()> {
    let next = AtomicUsize::new(0);
    let take_all = || {
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(error) = work(item) {
                // The others stop after what they are doing.
                next.store(items.len(), Ordering::Relaxed);
                return Err(error);
            }
        }
        Ok(())
    };
    thread::scope(|scope| {
        let n_workers = thread::available_parallelism().map_or(1, NonZero::get);
        let workers: Vec<_> = (0..n_workers).map(|_| scope.spawn(take_all)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("the work does not panic"))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use anyhow::bail;

    use super::*;

    #[test]
    fn all_items_are_done_once() {
        let done = Mutex::new(Vec::new());
        let items: Vec<usize> = (0..100).collect();
        each(&items, |item| {
            done.lock().expect("not poisoned").push(*item);
            Ok(())
        })
        .expect("no item fails");
        let mut done = done.into_inner().expect("not poisoned");
        done.sort_unstable();
        assert_eq!(done, items);
    }

    #[test]
    fn an_item_that_fails_is_reported_and_ends_the_work() {
        let n_begun = AtomicUsize::new(0);
        // So many that doing them all would never end, however late the failure is noticed.
        let items = [(); usize::MAX / 2];
        let result = each(&items, |()| match n_begun.fetch_add(1, Ordering::Relaxed) {
            3 => bail!("not 3"),
            _ => Ok(()),
        });
        assert_eq!(result.expect_err("item 3 fails").to_string(), "not 3");
        assert!(n_begun.into_inner() < items.len());
    }
}
