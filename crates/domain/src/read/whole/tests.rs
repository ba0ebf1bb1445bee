//! Lists that change, end early or never end.

use proptest::prelude::*;

use super::*;

#[test]
fn pages_overlap_and_reach_far() {
    let paging = Paging::Pages(1000);
    let mut page = paging.page_at(0);
    let mut n = 1;
    while page.end() < 100_000 {
        let next = paging.page_at(page.end() - 1);
        assert!(next.start < page.end() && next.end() > page.end(), "{page:?} {next:?}");
        assert_eq!(next.start % next.len, 0);
        page = next;
        n += 1;
    }
    assert!(n <= 105, "{n} calls for 100,000 people");
}

#[test]
fn a_tenth_of_an_hour_needs_no_consent_and_more_does() {
    let windows = [(60_000, 10), (600_000, 50), (3_600_000, 120)];
    let windows = windows.map(|(span_ms, max)| Window { span_ms, max });
    let asked = |n_calls| needs_consent(n_calls, &windows).map(|window| window.max);
    assert_eq!([1, 5, 6, 12, 13, 400].map(asked), [None, None, Some(50), Some(50), Some(120), Some(120)]);
    assert_eq!(needs_consent(300, &windows[..1]), None, "a minute is over soon");
    assert!(needs_consent(301, &windows[..1]).is_some());
}

#[test]
fn a_list_without_end_is_not_read_for_ever() {
    for (paging, answer) in [
        (Paging::Pages(10), (|_| (0..10).collect()) as fn(Cursor) -> Vec<u64>),
        (Paging::Offset(10), |_| (0..10).collect()),
        (Paging::Pages(1_000_000), |page| vec![page.start, page.end() - 1]),
    ] {
        let mut list = WholeList::new(paging, 2);
        let mut n_calls = 0;
        while let Some(page) = list.ask() {
            n_calls += 1;
            assert!(n_calls < 20, "{paging:?}");
            list.took(page, Found { keys: answer(page), page_size: None, total: None, is_last: false });
        }
        assert!(list.is_over() && !list.progress().is_sure, "{paging:?}");
    }
}

#[test]
fn a_stopped_reading_asks_again_and_knows_what_is_left() {
    let mut list = WholeList::new(Paging::Pages(10), 4);
    let first = list.ask().expect("the first page");
    assert_eq!((list.ask(), list.n_calls_left()), (None, None), "its length is not known");
    let keys = (0..10).collect();
    list.took(first, Found { keys, page_size: None, total: Some(100), is_last: false });
    assert_eq!(list.n_calls_left(), Some(10), "ninety are left, and pages overlap");
    let asked: Vec<_> = std::iter::from_fn(|| list.ask()).collect();
    assert_eq!(asked.len(), 4);
    list.stopped();
    assert_eq!(std::iter::from_fn(|| list.ask()).collect::<Vec<_>>(), asked);
}

/// What happens to a list between two answers.
#[derive(Clone, Debug)]
enum Event {
    Join(prop::sample::Index),
    Leave(prop::sample::Index),
}

fn event() -> impl Strategy<Value = Event> {
    let index = any::<prop::sample::Index>;
    prop_oneof![index().prop_map(Event::Join), index().prop_map(Event::Leave)]
}

struct Vendor {
    list: Vec<u64>,
    next: u64,
    stayed: BTreeSet<u64>,
    cap: u64,
    tells_total: bool,
}

impl Vendor {
    fn happens(&mut self, event: &Event) {
        match event {
            Event::Join(place) => {
                self.list.insert(place.index(self.list.len() + 1), self.next);
                self.next += 1;
            }
            Event::Leave(place) if !self.list.is_empty() => {
                let left = self.list.remove(place.index(self.list.len()));
                self.stayed.remove(&left);
            }
            Event::Leave(_) => {}
        }
    }

    fn answer(&self, page: Cursor, paging: Paging) -> Found<u64> {
        let len = page.len.min(self.cap);
        let start = match paging {
            Paging::Offset(_) => page.start,
            Paging::Pages(_) => (page.page_number() - 1) * len,
        };
        let keys: Vec<u64> = self.list.iter().copied().skip(start as usize).take(len as usize).collect();
        let total = self.tells_total.then_some(self.list.len() as u64);
        let is_last = match total {
            Some(total) => start + len >= total,
            None => (keys.len() as u64) < len,
        };
        Found { keys, page_size: Some(len), total, is_last }
    }
}

/// The reading as another page goes on with it.
fn reloaded(paging: Paging, at_once: usize, list: &WholeList<u64>) -> Result<WholeList<u64>, TestCaseError> {
    let mut stopped = list.clone();
    stopped.stopped();
    let saved = list.saved();
    let resumed = WholeList::resumed(paging, at_once, &saved);
    let resumed = resumed.ok_or_else(|| TestCaseError::fail("what was saved is read back"))?;
    prop_assert_eq!(format!("{resumed:?}"), format!("{stopped:?}"));
    prop_assert_eq!(resumed.saved(), saved);
    Ok(resumed)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nobody_who_stayed_is_missed(
        n in 0_u64..120,
        most in 8_u64..20,
        cap in 8_u64..30,
        at_once in 1_usize..5,
        is_by_page in any::<bool>(),
        tells_total in any::<bool>(),
        events in prop::collection::vec(prop::collection::vec(event(), 0..4), 0..40),
        picks in prop::collection::vec((any::<prop::sample::Index>(), prop::bool::weighted(0.1)), 400),
        reloads in prop::collection::vec(prop::bool::weighted(0.1), 400),
    ) {
        let paging = if is_by_page { Paging::Pages(most) } else { Paging::Offset(most) };
        let mut vendor = Vendor {
            list: (0..n).collect(),
            next: n,
            stayed: (0..n).collect(),
            cap,
            tells_total,
        };
        let mut list = WholeList::new(paging, at_once);
        let (mut asked, mut seen) = (Vec::new(), BTreeSet::new());
        let mut events = events.into_iter();
        let mut n_answers = 0;
        while !list.is_over() {
            if reloads[n_answers % reloads.len()] {
                // Answers that are awaited never arrive.
                asked.clear();
                list = reloaded(paging, at_once, &list)?;
            }
            while let Some(page) = list.ask() {
                asked.push(page);
            }
            prop_assert!(asked.len() <= at_once && !asked.is_empty(), "it waits for something");
            let (pick, fails) = picks[n_answers % picks.len()];
            let page = asked.swap_remove(pick.index(asked.len()));
            events.next().iter().flatten().for_each(|event| vendor.happens(event));
            n_answers += 1;
            prop_assert!(n_answers < 2_000, "it ends");
            if fails {
                list.failed(page);
                continue;
            }
            let found = vendor.answer(page, list.paging);
            seen.extend(found.keys.iter().copied());
            list.took(page, found);
        }
        list = reloaded(paging, at_once, &list)?;
        let progress = list.progress();
        if progress.is_sure {
            let missed: Vec<_> = vendor.stayed.difference(&seen).collect();
            prop_assert!(missed.is_empty(), "missed {missed:?}");
        }
        if !progress.has_moved {
            prop_assert!(progress.is_sure);
        }
    }

    #[test]
    fn bytes_that_were_changed_are_refused_or_end(
        n_pages in 1_u64..8,
        at_once in 1_usize..5,
        is_by_page in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let paging = if is_by_page { Paging::Pages(10) } else { Paging::Offset(10) };
        let keys = |page: Cursor| (page.start..page.end()).collect::<Vec<_>>();
        let found = |page: Cursor| Found { keys: keys(page), page_size: None, total: None, is_last: page.start > 90 };
        let mut list = WholeList::new(paging, at_once);
        for _ in 0..n_pages {
            let Some(page) = list.ask() else { break };
            list.took(page, found(page));
        }
        let mut saved = list.saved();
        for (place, byte) in changes {
            let place = place.index(saved.len());
            saved[place] = byte;
        }
        if let Some(cut) = cut {
            saved.truncate(cut.index(saved.len()));
        }
        if let Some(mut list) = WholeList::resumed(paging, at_once, &saved) {
            let mut n_calls = 0;
            while let Some(page) = list.ask() {
                list.took(page, found(page));
                n_calls += 1;
                prop_assert!(n_calls < 2_000, "it ends");
            }
        }
    }
}

#[test]
fn a_reading_of_other_pages_is_not_resumed() {
    let mut list = WholeList::new(Paging::Pages(10), 1);
    let first = list.ask().expect("the first page");
    list.took(first, Found { keys: (0..10).collect(), page_size: None, total: Some(40), is_last: false });
    let saved = list.saved();
    let resumed = |paging| WholeList::resumed(paging, 1, &saved).map(|list| list.progress().n_read);
    assert_eq!(resumed(Paging::Pages(10)), Some(10));
    assert_eq!(resumed(Paging::Pages(9)), None, "the vendor takes smaller pages now");
    assert_eq!(resumed(Paging::Offset(10)), None);
    assert_eq!(key_of("ada"), 9_024_170_025_371_316_765, "in every release");
}
