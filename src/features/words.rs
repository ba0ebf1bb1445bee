//! The domain in words: problems, reasons, outcomes, and the sentence beside a button.

use domain::outcome::Verdict;
use domain::{
    Effect, Flow, Millis, Operation, Plan, Problem, ProblemCode, Scope, Summary, Tally, Title, TitleKind,
    TitlePlace, Vendor, Window,
};
use leptos::prelude::*;

use crate::state::activity::ActivityEntry;
use crate::state::runs::RunView;
use i18n::{VENDORS, format_list, format_number, lookup, text};
use ui::{Tone, notice};

/// A text about a vendor: `help`, `key_help` or `power`.
pub fn of_vendor(vendor: Vendor, name: &str) -> String {
    lookup(&VENDORS, &["vendors.", vendor.slug(), ".", name].concat()).unwrap_or_default()
}

/// The name of a scope.
pub fn scope(scope: Scope) -> String {
    match scope {
        Scope::Admin => text::common_scope_admin(),
        Scope::Moderator => text::common_scope_moderator(),
        Scope::Participant => text::common_scope_participant(),
        Scope::Banned => text::common_scope_banned(),
    }
}

/// The name of a verdict, capitalized.
pub fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Done => text::results_done(),
        Verdict::Same => text::results_same(),
        Verdict::Refused => text::results_refused(),
        Verdict::Unknown => text::results_unknown(),
        Verdict::NotSent => text::results_not_sent(),
    }
}

/// The name of a way to join, and what it means.
pub fn flow(flow: Flow, vendor: Vendor) -> (String, String) {
    let is_open = vendors::capabilities(vendor).add.undocumented_flows.contains(&flow);
    let vendor = vendor.name();
    match flow {
        Flow::Direct => (text::add_flow_direct(), text::add_flow_direct_help(vendor)),
        Flow::Invite if is_open => (text::add_flow_invite(), text::add_flow_invite_help_open(vendor)),
        Flow::Invite => (text::add_flow_invite(), text::add_flow_invite_help(vendor)),
        Flow::SingleTap => (text::add_flow_single_tap(), text::add_flow_single_tap_help(vendor)),
        Flow::ApproveRequest => (text::add_flow_approve(), text::add_flow_approve_help(vendor)),
    }
}

/// A problem as a sentence.
pub fn problem(problem: &Problem, vendor: Vendor) -> String {
    sentence(problem, vendor.name())
}

/// A problem of a file of results, as a sentence. It is about no vendor.
pub fn file_problem(problem: &Problem) -> String {
    sentence(problem, "")
}

fn sentence(problem: &Problem, vendor: &str) -> String {
    let found = &*problem.found;
    match problem.code {
        ProblemCode::BadEmail => text::problems_bad_email(found),
        ProblemCode::BadPhone => text::problems_bad_phone(found),
        ProblemCode::BadId if found.is_empty() => text::problems_bad_id(vendor),
        ProblemCode::BadId => text::problems_bad_id_meant(text::ProblemsBadIdMeant { found, vendor }),
        ProblemCode::IdTooLong => text::problems_id_too_long(vendor),
        ProblemCode::WrongKind => text::problems_wrong_kind(text::ProblemsWrongKind { found, vendor }),
        ProblemCode::NameMissing => text::problems_name_missing(text::ProblemsNameMissing { found, vendor }),
        ProblemCode::HiddenCharacters => text::problems_hidden_characters(found),
        ProblemCode::FoldedCase => text::problems_folded_case(text::ProblemsFoldedCase { found, vendor }),
        ProblemCode::Duplicate => text::problems_duplicate(),
        ProblemCode::EmptyList => text::problems_empty_list(),
        ProblemCode::ListTooLong => text::problems_list_too_long(found),
        ProblemCode::TwoScopes => text::problems_two_scopes(found),
        ProblemCode::ScopeAndBan => text::problems_scope_and_ban(text::ProblemsScopeAndBan { found, vendor }),
        ProblemCode::Contradiction => text::problems_contradiction(found),
        ProblemCode::LastAdmin => text::problems_last_admin(found),
        ProblemCode::OwnScope => text::problems_own_scope(),
        ProblemCode::OwnerTouched => {
            text::problems_owner_touched(text::ProblemsOwnerTouched { found, vendor })
        }
        ProblemCode::BannedPeople => {
            let (count, people) = people_in(found);
            text::problems_banned_people(text::ProblemsBannedPeople { count, people: &people, vendor })
        }
        ProblemCode::NoClearance => {
            let (count, people) = people_in(found);
            text::problems_no_clearance(text::ProblemsNoClearance { count, people: &people, vendor })
        }
        ProblemCode::GroupPastSoftLimit => {
            text::problems_group_past_soft_limit(text::ProblemsGroupPastSoftLimit { found, vendor })
        }
        ProblemCode::DeletesGroup => text::problems_deletes_group(found),
        ProblemCode::SilenceIsUnknown => text::problems_silence_is_unknown(vendor),
        ProblemCode::UndocumentedFlow => text::problems_undocumented_flow(vendor),
        ProblemCode::MessagesLeave => text::problems_messages_leave(count(found)),
        ProblemCode::FieldMissing => text::problems_field_missing(),
        ProblemCode::FieldTooLong => text::problems_field_too_long(found),
        ProblemCode::FieldBad => text::problems_field_bad(),
        ProblemCode::NotResults => text::problems_not_results(found),
        ProblemCode::BadLine => text::problems_bad_line(found),
        ProblemCode::TooManyPeople => text::problems_too_many_people(count(found)),
        ProblemCode::IdUnknown => text::problems_id_unknown(text::ProblemsIdUnknown { found, vendor }),
        ProblemCode::GroupItself => text::problems_group_itself(),
        ProblemCode::UnknownScope => text::problems_unknown_scope(found),
        ProblemCode::UnknownValue => text::problems_unknown_value(found),
        ProblemCode::NotUnderstood => text::problems_not_understood(found),
        ProblemCode::ReadAs => text::problems_read_as(found),
        ProblemCode::DigitsLost => text::problems_digits_lost(),
        ProblemCode::CountryMissing => text::problems_country_missing(),
        ProblemCode::QuoteOpen => text::problems_quote_open(),
        ProblemCode::KeyMissing => text::problems_key_missing(vendor),
        ProblemCode::LeftOut => text::problems_left_out(found),
        ProblemCode::Undecodable => text::problems_undecodable(found),
        ProblemCode::MixedScripts => text::problems_mixed_scripts(found),
    }
}

/// Maximum number of names in a sentence about several people.
const MAX_NAMES: usize = 5;

/// Counts the people of `found`, which has one per line, and names the first of them.
fn people_in(found: &str) -> (usize, String) {
    let names: Vec<String> = found.lines().map(Into::into).collect();
    let n_more = names.len().saturating_sub(MAX_NAMES);
    let mut told = names[..names.len() - n_more].to_vec();
    if n_more > 0 {
        told.push(text::problems_more_people(n_more));
    }
    (names.len(), format_list(&told))
}

fn count(text: &str) -> usize {
    text.parse().unwrap_or(0)
}

/// The title of a plan or an unfinished run: "Add 11 people to Trail runners".
pub fn title(title: &Title) -> String {
    let (n, place) = (title.count as usize, &*place(title));
    match title.kind {
        TitleKind::Add => text::plan_add_to_group(n, place),
        TitleKind::Ban => text::plan_ban(n, place),
        TitleKind::Invite if place.is_empty() => text::plan_invite(n),
        TitleKind::Invite => text::plan_invite_to(n, place),
        TitleKind::Register => text::plan_register(n),
        TitleKind::MakeModerators => text::plan_make_moderator(n, place),
        TitleKind::SetScopes => text::plan_set_scope(n, place),
        TitleKind::Remove => text::plan_kick(n, place),
        TitleKind::Unban => text::plan_unban(n, place),
        TitleKind::Unsubscribe => text::plan_unsubscribe(n, place),
        TitleKind::CreateGroup => match title.place {
            TitlePlace::Several(n) => text::plan_create_groups(n as usize),
            TitlePlace::Community | TitlePlace::Named(_) => text::plan_create_group(place),
        },
        TitleKind::EditGroup => text::plan_edit_group(place),
        TitleKind::DeleteGroup => text::plan_delete_group(place),
        TitleKind::CreateCommunity => text::plan_create_community(place),
        TitleKind::Mixed if place.is_empty() => text::plan_changes(n),
        TitleKind::Mixed => text::plan_changes_in(n, place),
    }
}

/// What happens to a number of people.
pub fn effect(effect: Effect, n: usize) -> String {
    match effect {
        Effect::Ban => text::plan_effect_ban(n),
        Effect::Remove => text::plan_effect_remove(n),
        Effect::Unsubscribe => text::plan_effect_unsubscribe(n),
        Effect::Promote(to) => text::plan_effect_promote(n, &scope(to)),
        Effect::Demote(to) => text::plan_effect_demote(n, &scope(to)),
        Effect::JoinAs(as_scope) => text::plan_effect_join_as(n, &scope(as_scope)),
        Effect::Moderate => text::plan_effect_moderate(n),
        Effect::Join => text::plan_effect_join(n),
        Effect::Invite => text::plan_effect_invite(n),
        Effect::Unban => text::plan_effect_unban(n),
    }
}

/// The title of a finished run, from its outcomes: "10 added to Trail runners, 1 rejected".
pub fn ended_title(title: &Title, tally: &Tally) -> String {
    let (n, place) = (tally.n_done, &*place(title));
    let about_group = |text: fn(&str) -> String| (n > 0).then(|| text(place));
    let done = match title.kind {
        TitleKind::Add => Some(text::results_ended_added(n, place)),
        TitleKind::Ban => Some(text::results_ended_banned(n, place)),
        TitleKind::Invite if place.is_empty() => Some(text::results_n_invited(n)),
        TitleKind::Invite => Some(text::results_ended_invited_to(n, place)),
        TitleKind::Register => Some(text::results_n_added(n)),
        TitleKind::MakeModerators => Some(text::results_ended_moderators(n, place)),
        TitleKind::SetScopes => Some(text::results_ended_scopes(n, place)),
        TitleKind::Remove => Some(text::results_ended_removed(n, place)),
        TitleKind::Unban => Some(text::results_ended_unbanned(n, place)),
        TitleKind::Unsubscribe => Some(text::results_ended_unsubscribed(n, place)),
        TitleKind::CreateGroup if matches!(title.place, TitlePlace::Several(_)) => {
            Some(text::results_ended_created_groups(n))
        }
        TitleKind::CreateGroup | TitleKind::CreateCommunity => about_group(text::results_ended_created),
        TitleKind::EditGroup => about_group(text::results_ended_edited),
        TitleKind::DeleteGroup => about_group(text::results_ended_deleted),
        TitleKind::Mixed if place.is_empty() => Some(text::results_ended_changes(n)),
        TitleKind::Mixed => Some(text::results_ended_changes_in(n, place)),
    };
    let Some(done) = done else { return self::title(title) };
    joined([vec![done], others(tally, text::results_n_same)].concat())
}

/// The title of an entry in the activity.
pub fn of_entry(entry: &ActivityEntry) -> String {
    ended_title(&entry.title, &entry.tally)
}

fn place(title: &Title) -> String {
    match &title.place {
        TitlePlace::Community => String::new(),
        TitlePlace::Named(name) => name.to_string(),
        TitlePlace::Several(n) => text::plan_places(*n as usize),
    }
}

/// The cost in calls, time and messages, as one sentence.
pub fn cost(plan: &Plan, summary: &Summary) -> String {
    let is_silent_about_messages = plan.to_send().any(|change| {
        matches!(*change.operation, Operation::AddToCommunity { .. } | Operation::MakeModerator { .. })
    });
    let messages = match summary.n_messages {
        0 if is_silent_about_messages => text::plan_messages_undocumented(plan.vendor.name()),
        0 => text::plan_messages_none(),
        n => text::plan_messages(n),
    };
    text::plan_cost(text::PlanCost {
        calls: &text::plan_calls(summary.n_calls),
        messages: &messages,
        time: &duration(summary.duration_ms),
    })
}

/// A rounded duration in words: "about 3 minutes".
pub fn duration(ms: Millis) -> String {
    let minutes = ms.div_ceil(60_000) as usize;
    match ms {
        0..1_000 => text::plan_time_under_a_second(),
        1_000..90_000 => text::plan_time_seconds(ms.div_ceil(1_000) as usize),
        90_000..5_400_000 => text::plan_time_minutes(minutes),
        _ if minutes.is_multiple_of(60) => text::plan_time_hours(minutes / 60),
        _ => text::plan_time_hours_minutes(minutes / 60, &text::plan_minutes_short(minutes % 60)),
    }
}

/// One window of a rate limit: "10 requests per minute".
pub fn rate(window: &Window) -> String {
    let n = format_number(f64::from(window.max));
    match window.span_ms {
        1_000 => text::plan_rate_second(&n),
        60_000 => text::plan_rate_minute(&n),
        600_000 => text::plan_rate_ten_minutes(&n),
        3_600_000 => text::plan_rate_hour(&n),
        other => text::plan_rate_other(text::PlanRateOther { n: &n, time: &duration(other) }),
    }
}

/// A notice that the run's way to join is undocumented, in the words used before sending; `None` if all
/// operations are documented.
pub fn undocumented_note(run: &RunView) -> Option<AnyView> {
    let vendor = run.connection().vendor;
    let capabilities = vendors::capabilities(vendor);
    // The plan of a run never changes.
    let is_open = untrack(|| {
        let is_open = |change: &domain::Change| capabilities.is_undocumented(&change.operation);
        run.with_run(|run| run.plan().changes.iter().any(is_open))
    });
    is_open.then(|| notice(Tone::Info, move || text::problems_undocumented_flow(vendor.name())))
}

/// Counts as one sentence, worded by operation; zeros are left out.
pub fn tally(plan_operation: Option<&Operation>, tally: &Tally) -> String {
    let done: fn(usize) -> String = match plan_operation {
        Some(Operation::AddToGroup { scope: Scope::Banned, .. } | Operation::Ban { .. }) => {
            text::results_n_banned
        }
        Some(Operation::AddToGroup { .. } | Operation::AddToCommunity { flow: Flow::Direct, .. }) => {
            text::results_n_added
        }
        Some(Operation::Register { flow: Flow::Direct, .. }) => text::results_n_added,
        Some(
            Operation::Register { .. }
            | Operation::Invite { .. }
            | Operation::AddToCommunity { flow: Flow::Invite, .. },
        ) => text::results_n_invited,
        Some(Operation::MakeModerator { .. }) => text::results_n_moderators,
        _ => text::results_n_done,
    };
    let same: fn(usize) -> String = match plan_operation {
        Some(
            Operation::AddToGroup { .. }
            | Operation::AddToCommunity { .. }
            | Operation::Register { .. }
            | Operation::Invite { .. },
        ) => text::results_n_members_already,
        _ => text::results_n_same,
    };
    let done = some(tally.n_done, done);
    let parts: Vec<String> = done.into_iter().chain(others(tally, same)).collect();
    if parts.is_empty() { text::results_nothing() } else { joined(parts) }
}

/// The counts of what was not done and needs attention, as one sentence; `None` without any.
pub fn not_done(tally: &Tally) -> Option<String> {
    let parts = others(&Tally { n_same: 0, ..*tally }, text::results_n_same);
    (!parts.is_empty()).then(|| joined(parts))
}

/// The counts of outcomes other than "done", without zeros.
fn others(tally: &Tally, same: fn(usize) -> String) -> Vec<String> {
    let (same, refused) = (some(tally.n_same, same), some(tally.n_refused, text::results_n_refused));
    let (unknown, not_sent) =
        (some(tally.n_unknown, text::results_n_unknown), some(tally.n_not_sent, text::results_n_not_sent));
    let waiting = some(tally.n_waiting, text::results_n_waiting);
    [same, refused, unknown, not_sent, waiting].into_iter().flatten().collect()
}

/// A count in words; `None` for zero.
fn some(n: usize, words: fn(usize) -> String) -> Option<String> {
    (n > 0).then(|| words(n))
}

fn joined(parts: Vec<String>) -> String {
    let join =
        |left: String, right: String| text::results_join(text::ResultsJoin { left: &left, right: &right });
    parts.into_iter().reduce(join).unwrap_or_default()
}
