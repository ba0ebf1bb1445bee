//! Patience and clock of a page's read.

use super::*;
use crate::Window;

fn budget() -> Budget {
    Budget::new(vec![Window { span_ms: 60_000, max: 2 }])
}

fn failure(class: ErrorClass, retry_after_ms: Option<Millis>) -> BatchFailure {
    let mut error = ApiError::new(class, ErrorOrigin::Vendor, "http.server");
    error.retry_after_ms = retry_after_ms;
    BatchFailure::sent(error)
}

#[test]
fn a_read_waits_for_the_budget_and_says_so_when_that_takes_long() {
    let mut budget = budget();
    let mut read = PageRead::new(1_000_000, 1);
    for sent_at in [1_000_000, 1_000_001] {
        assert_eq!(read.poll(sent_at, &mut budget), ReadStep::Send);
        budget.note_answered(sent_at, sent_at);
    }
    assert_eq!(read.poll(1_000_002, &mut budget), ReadStep::WaitUntil(1_060_001));
    budget.hold_until(1_090_000);
    let ReadStep::GiveUp(error) = read.poll(1_000_003, &mut budget) else { panic!("it waits") };
    assert_eq!((error.class, error.retry_after_ms), (ErrorClass::RateLimited, Some(89_997)));
}

#[test]
fn reads_that_succeed_undo_what_refusals_for_pace_slowed_down() {
    let (mut budget, mut now) = (Budget::new(Vec::new()), 1_000_000);
    for _ in 0..9 {
        PageRead::new(now, 1).retries(&failure(ErrorClass::RateLimited, None), now, &mut budget);
    }
    let mut n_reads = 0;
    loop {
        now += 3_600_000;
        assert_eq!(PageRead::new(now, 1).poll(now, &mut budget), ReadStep::Send);
        budget.note_answered(now, now);
        if budget.next_slot(now) == Some(now) {
            break;
        }
        PageRead::succeeded(&mut budget);
        n_reads += 1;
        assert!(n_reads < 200, "it stays slow");
    }
    assert!(n_reads > 0, "it was never slow");
}

#[test]
fn a_failing_server_is_asked_four_times_and_a_refusal_once() {
    let (mut budget, mut read) = (budget(), PageRead::new(0, 1));
    let server = failure(ErrorClass::Server, None);
    assert_eq!(
        (0..4).map(|_| read.retries(&server, 0, &mut budget)).collect::<Vec<_>>(),
        [true, true, true, false]
    );
    let mut read = PageRead::new(0, 1);
    assert!(!read.retries(&failure(ErrorClass::Refused, None), 0, &mut budget));
    assert!(!read.retries(&failure(ErrorClass::Auth, None), 0, &mut budget));
}

#[test]
fn a_vendor_that_asks_to_wait_is_obeyed_if_a_page_can_wait_that_long() {
    let (mut budget, mut read) = (budget(), PageRead::new(0, 1));
    assert!(read.retries(&failure(ErrorClass::RateLimited, Some(42_000)), 0, &mut budget));
    let ReadStep::WaitUntil(at) = read.poll(1, &mut budget) else { panic!("it does not wait") };
    assert!((42_000..42_500).contains(&at), "{at}");
    assert!(!read.retries(&failure(ErrorClass::RateLimited, Some(600_000)), 0, &mut budget));
}

#[test]
fn a_clock_that_is_set_back_makes_no_page_wait() {
    let (mut budget, mut read) = (budget(), PageRead::new(90_000_000, 1));
    assert!(read.retries(&failure(ErrorClass::Server, None), 90_000_000, &mut budget));
    let ReadStep::WaitUntil(at) = read.poll(1_000, &mut budget) else { panic!("it waits a moment") };
    assert!(at <= 2_000, "{at}");
    assert_eq!(read.poll(3_000, &mut budget), ReadStep::Send);
}
