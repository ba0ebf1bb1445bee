//! The activity log: one entry per finished run on this device, shown on a page and exported as a file.

use browser::clock;
use domain::export::table;
use domain::order;
use domain::{ConnectionId, Millis, PlanId, Tally, Title, Vendor};
use leptos::prelude::*;
use serde_json::json;

/// A finished run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityEntry {
    pub plan: PlanId,
    /// When it ended.
    pub at: Millis,
    /// The connection it was applied to.
    pub connection: ConnectionId,
    /// The connection's name.
    pub connection_name: Box<str>,
    pub vendor: Vendor,
    /// What the run's plan did.
    pub title: Title,
    /// Its outcomes, counted.
    pub tally: Tally,
    /// True if the user stopped it.
    pub is_stopped: bool,
}

/// The entries of this device, newest first. Copies share state.
#[derive(Clone, Copy, Debug)]
pub struct Activity(RwSignal<Vec<ActivityEntry>>);

/// Creates the activity log of this session. Call once, at the root.
pub fn provide_activity() -> Activity {
    let activity = Activity::new();
    provide_context(activity);
    activity
}

/// The activity log of this session.
pub fn use_activity() -> Activity {
    use_context().expect("the root provides the activity before any page is drawn")
}

impl Activity {
    /// An empty log.
    pub fn new() -> Self {
        Self(RwSignal::default())
    }

    /// The entries, newest first; tracked.
    pub fn entries(self) -> Vec<ActivityEntry> {
        self.0.get()
    }

    /// Replaces all entries; they may come in any order.
    pub fn set(self, mut entries: Vec<ActivityEntry>) {
        order::sort_by(&mut entries, |a, b| (b.at, &b.plan).cmp(&(a.at, &a.plan)));
        self.0.try_maybe_update(|known| {
            let is_news = *known != entries;
            *known = entries;
            (is_news, ())
        });
    }

    /// Adds an entry at the top.
    pub fn push(self, entry: ActivityEntry) {
        self.0.update(|entries| entries.insert(0, entry));
    }
}

/// Puts an entry's title into words.
pub type TitleWords = fn(&ActivityEntry) -> String;

/// Entries as JSON.
pub fn to_json(entries: &[ActivityEntry], title: TitleWords) -> String {
    serde_json::Value::Array(entries.iter().map(|entry| as_json(entry, &title(entry))).collect()).to_string()
}

/// Entries as CSV with a header row.
pub fn to_csv(entries: &[ActivityEntry], title: TitleWords) -> String {
    let heading = HEADING.map(String::from).to_vec();
    table(std::iter::once(heading).chain(entries.iter().map(|entry| as_cells(entry, title(entry)))))
}

impl Default for Activity {
    fn default() -> Self {
        Self::new()
    }
}

/// Column names. Meant for programs, so not translated.
const HEADING: [&str; 12] = [
    "time",
    "connection",
    "connection_name",
    "vendor",
    "title",
    "done",
    "same",
    "refused",
    "unknown",
    "not_sent",
    "stopped",
    "plan",
];

fn as_cells(entry: &ActivityEntry, title: String) -> Vec<String> {
    let tally = &entry.tally;
    let counts = [tally.n_done, tally.n_same, tally.n_refused, tally.n_unknown, tally.n_not_sent]
        .map(|n| n.to_string());
    let texts = [
        clock::iso(entry.at),
        entry.connection.as_str().into(),
        entry.connection_name.to_string(),
        entry.vendor.slug().into(),
        title,
    ];
    // Spreadsheets rewrite `true` and `false`.
    let is_stopped = if entry.is_stopped { "yes" } else { "no" };
    let last = [is_stopped.into(), entry.plan.as_str().into()];
    texts.into_iter().chain(counts).chain(last).collect()
}

fn as_json(entry: &ActivityEntry, title: &str) -> serde_json::Value {
    json!({
        "time": clock::iso(entry.at),
        "connection": entry.connection.as_str(),
        "connection_name": &*entry.connection_name,
        "vendor": entry.vendor.slug(),
        "title": title,
        "done": entry.tally.n_done,
        "same": entry.tally.n_same,
        "refused": entry.tally.n_refused,
        "unknown": entry.tally.n_unknown,
        "not_sent": entry.tally.n_not_sent,
        "stopped": entry.is_stopped,
        "plan": entry.plan.as_str(),
    })
}
