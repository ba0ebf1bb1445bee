//! Errors and outcomes in words. Fetched with the code that calls vendors, without which there are none.

use domain::api_error::ErrorOrigin;
use domain::receipt::ReceiptRow;
use domain::{ApiError, ErrorClass, Flow, Operation, Outcome, Scope, State, Vendor};
use vendors::catalogue::{self, Again};

use super::words::scope as scope_word;
use crate::state::code::Code;
use i18n::{ERRORS, lookup, text};

thread_local! {
    static ERROR_WORDS: Code<ErrorWords> = const { Code::new() };
}

/// What words errors and outcomes. Fetched with the code that calls vendors, without which there are none.
#[derive(Clone, Copy)]
struct ErrorWords {
    error: fn(Vendor, &ApiError) -> (String, String),
    read_error: fn(Vendor, &ApiError) -> (String, String),
    asking_again: fn(Vendor, &Outcome, &ApiError) -> String,
    reason: fn(Vendor, &ReceiptRow) -> String,
}

/// Makes errors and outcomes wordable; what names it contains the texts of all errors.
pub fn install_error_words() {
    let words = ErrorWords {
        error: error_words,
        read_error: read_error_words,
        asking_again: asking_again_words,
        reason: reason_words,
    };
    ERROR_WORDS.with(|code| code.install(words));
}

fn fetched() -> Option<ErrorWords> {
    ERROR_WORDS.with(Code::fetched)
}

/// The only error before the code is here is that it could not be fetched.
fn not_loaded() -> (String, String) {
    (text::results_not_loaded(), text::results_not_loaded_operator())
}

/// What happened to a call that makes a change, and what to do now.
pub fn error(vendor: Vendor, error: &ApiError) -> (String, String) {
    fetched().map_or_else(not_loaded, |words| (words.error)(vendor, error))
}

/// What happened to a call that only reads, and what to do now; omits what may have been sent.
pub fn read_error(vendor: Vendor, error: &ApiError) -> (String, String) {
    fetched().map_or_else(not_loaded, |words| (words.read_error)(vendor, error))
}

/// Whether repeating the call unchanged can help, as a sentence.
pub fn asking_again(vendor: Vendor, outcome: &Outcome, error: &ApiError) -> String {
    fetched().map(|words| (words.asking_again)(vendor, outcome, error)).unwrap_or_default()
}

/// The reason for a row's verdict. Empty where the verdict says it all.
pub fn reason(vendor: Vendor, row: &ReceiptRow) -> String {
    fetched().map(|words| (words.reason)(vendor, row)).unwrap_or_default()
}

fn error_words(vendor: Vendor, error: &ApiError) -> (String, String) {
    let entry = catalogue::find(vendor, &error.code, error.status);
    let fallback = || (text::results_error_fallback(vendor.name()), text::results_error_fallback_operator());
    match (lookup(&ERRORS, &entry.meaning_key()), lookup(&ERRORS, &entry.operator_key())) {
        (Some(meaning), Some(operator)) => match lookup(&ERRORS, &entry.sent_key()) {
            Some(sent) => ([&meaning, " ", &sent].concat(), operator),
            None => (meaning, operator),
        },
        _ => fallback(),
    }
}

fn read_error_words(vendor: Vendor, error: &ApiError) -> (String, String) {
    let entry = catalogue::find(vendor, &error.code, error.status);
    let meaning =
        lookup(&ERRORS, &entry.meaning_key()).unwrap_or_else(|| text::results_error_fallback(vendor.name()));
    let operator =
        lookup(&ERRORS, &entry.read_operator_key()).or_else(|| lookup(&ERRORS, &entry.operator_key()));
    (meaning, operator.unwrap_or_else(text::results_read_fallback_operator))
}

fn asking_again_words(vendor: Vendor, outcome: &Outcome, error: &ApiError) -> String {
    if matches!(outcome, Outcome::NoOp(_)) {
        return text::results_again_needless();
    }
    match catalogue::find(vendor, &error.code, error.status).helps_again {
        Again::No => text::results_again_no(),
        Again::Yes => text::results_again_yes(),
        Again::AfterWait => text::results_again_after_wait(),
    }
}

fn reason_words(vendor: Vendor, row: &ReceiptRow) -> String {
    match &row.outcome {
        None if row.batch.is_some() => text::results_sent_reason(),
        None => text::results_waiting_reason(),
        // The answer only names the person: what this way to join does is not documented.
        Some(Outcome::Applied | Outcome::Accepted)
            if vendors::capabilities(vendor).is_undocumented(&row.change.operation) =>
        {
            text::results_done_undocumented(vendor.name())
        }
        Some(Outcome::Applied) => done_reason(&row.change.operation),
        Some(Outcome::Found) => text::results_found_reason(vendor.name()),
        Some(Outcome::Accepted) => text::results_accepted_reason(vendor.name()),
        Some(Outcome::NoOp(None)) => text::results_known_before(),
        Some(Outcome::NoOp(Some(error))) => {
            // The vendor's advice is for a different intention.
            let operator = match scope_given(&row.change.operation) {
                Some(scope) => text::results_same_scope(&scope_word(scope)),
                None => text::results_nothing_to_do(),
            };
            let (meaning, _) = error_words(vendor, error);
            text::results_reason(text::ResultsReason { meaning: &meaning, operator: &operator })
        }
        Some(Outcome::Rejected(error) | Outcome::Unknown(error) | Outcome::NotSent(error)) => {
            let (mut meaning, mut operator) = error_words(vendor, error);
            meaning = changed_meaning(error).unwrap_or(meaning);
            if matches!(row.outcome, Some(Outcome::Unknown(_))) && error.class == ErrorClass::Server {
                // Retrying would be wrong advice: the person may already be in.
                operator = text::results_unknown_after_failure();
            }
            let is_ours = error.origin != ErrorOrigin::Vendor;
            match &error.message {
                // The vendor's message is better than nothing for an error that is not in the catalogue.
                Some(message)
                    if !is_ours && catalogue::find(vendor, &error.code, error.status).is_fallback =>
                {
                    text::results_reason_with_message(text::ResultsReasonWithMessage {
                        meaning: &meaning,
                        message,
                        operator: &operator,
                        vendor: vendor.name(),
                    })
                }
                _ => text::results_reason(text::ResultsReason { meaning: &meaning, operator: &operator }),
            }
        }
    }
}

/// How someone was changed after the plan was made, if that is why they were left out.
fn changed_meaning(error: &ApiError) -> Option<String> {
    match error.found_state()? {
        State::Scope(scope) => Some(text::results_changed_scope(&scope_word(scope))),
        State::Absent => Some(text::results_changed_absent()),
        State::Present | State::Unread => None,
    }
}

/// The scope that a member has after the operation.
fn scope_given(operation: &Operation) -> Option<Scope> {
    match operation {
        Operation::AddToGroup { scope, .. } | Operation::SetScope { scope, .. } if scope.is_member() => {
            Some(*scope)
        }
        _ => None,
    }
}

fn done_reason(operation: &Operation) -> String {
    match operation {
        Operation::AddToGroup { scope: Scope::Banned, .. } | Operation::Ban { .. } => {
            text::results_done_banned()
        }
        Operation::AddToGroup { scope, .. } | Operation::SetScope { scope, .. } => scope_word(*scope),
        Operation::MakeModerator { .. } => text::common_scope_moderator(),
        Operation::Kick { .. } => text::results_done_kicked(),
        Operation::Unban { .. } => text::results_done_unbanned(),
        Operation::Invite { .. } | Operation::Register { flow: Flow::Invite, .. } => {
            text::results_done_invited()
        }
        Operation::Register { .. } => text::results_done_registered(),
        Operation::AddToCommunity { flow: Flow::Invite, .. } => text::results_done_invited(),
        Operation::AddToCommunity { .. } => text::results_done_member(),
        Operation::Unsubscribe { .. } => text::results_done_unsubscribed(),
        Operation::CreateGroup(_) | Operation::CreateCommunity(_) => text::results_done_created(),
        Operation::EditGroup { .. } => text::results_done_changed(),
        Operation::DeleteGroup { .. } => text::results_done_deleted(),
    }
}
