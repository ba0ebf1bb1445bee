//! What the reviewer has decided so far, kept on this device until it is signed.

use std::collections::BTreeMap;

use domain::{ChangeId, ConnectionId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use review::Ruling;

use crate::state::session::Session;
use ui::effect_after;

/// The drafts of all reviews belong to this instead of a connection, which may be chosen late.
const DRAFTS: &str = "review";

/// The decision about one change, as far as it goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ruled {
    pub(super) ruling: Option<Ruling>,
    /// A comment, or the reason for declining.
    pub(super) comment: Box<str>,
}

impl Ruled {
    /// True for a refusal without a reason.
    pub(super) fn lacks_reason(&self) -> bool {
        self.ruling == Some(Ruling::Declined) && self.comment.trim().is_empty()
    }
}

/// The decisions about a request. Copies share the same signals.
#[derive(Clone, Copy)]
pub(super) struct Rulings(RwSignal<BTreeMap<ChangeId, Ruled>>);

/// How a decision is kept: change, ruling, comment.
type Kept = (ChangeId, Option<Ruling>, Box<str>);

impl Rulings {
    /// What was left the last time. `request` is the hash of the request.
    pub(super) fn new(session: Session, request: &str) -> Self {
        let rulings = Self(RwSignal::default());
        let (id, form) = (ConnectionId::new(DRAFTS), request.to_owned());
        spawn_local(async move {
            let draft = session.draft(&id, &form).await;
            let kept: Vec<Kept> = draft.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
            // The page may be gone by now; what was decided meanwhile stays.
            let _ = rulings.0.try_update(|decided| {
                for (change, ruling, comment) in kept {
                    decided.entry(change).or_insert(Ruled { ruling, comment });
                }
            });
            rulings.follow(session, form);
        });
        rulings
    }

    /// Keeps every change from now on.
    fn follow(self, session: Session, form: String) {
        if self.0.is_disposed() {
            return;
        }
        effect_after(move |before: Option<()>| {
            let kept: Vec<Kept> = self.0.with(|decided| {
                let one =
                    |(change, ruled): (&ChangeId, &Ruled)| (*change, ruled.ruling, ruled.comment.clone());
                decided.iter().map(one).collect()
            });
            if before.is_some() {
                let json = (!kept.is_empty()).then(|| serde_json::to_string(&kept).ok()).flatten();
                session.save_draft(&ConnectionId::new(DRAFTS), &form, json);
            }
        });
    }

    /// The decision about a change; tracked.
    pub(super) fn of(self, change: ChangeId) -> Ruled {
        self.0.with(|decided| decided.get(&change).cloned().unwrap_or_default())
    }

    /// Decides a change.
    pub(super) fn rule(self, change: ChangeId, ruling: Option<Ruling>) {
        self.change(change, |ruled| ruled.ruling = ruling);
    }

    /// Decides several changes in the same way.
    pub(super) fn rule_all(self, changes: impl IntoIterator<Item = ChangeId>, ruling: Option<Ruling>) {
        self.0.update(|decided| {
            for change in changes {
                decided.entry(change).or_default().ruling = ruling;
            }
            decided.retain(|_, ruled| *ruled != Ruled::default());
        });
    }

    /// Comments on a change.
    pub(super) fn comment(self, change: ChangeId, comment: &str) {
        self.change(change, |ruled| ruled.comment = comment.into());
    }

    fn change(self, change: ChangeId, how: impl FnOnce(&mut Ruled)) {
        self.0.update(|decided| {
            how(decided.entry(change).or_default());
            decided.retain(|_, ruled| *ruled != Ruled::default());
        });
    }

    /// The decided changes with their rulings; tracked.
    pub(super) fn decided(self) -> BTreeMap<ChangeId, (Ruling, Box<str>)> {
        self.0.with(|decided| {
            let one = |(change, ruled): (&ChangeId, &Ruled)| {
                Some((*change, (ruled.ruling?, ruled.comment.clone())))
            };
            decided.iter().filter_map(one).collect()
        })
    }

    /// How many changes are decided in this way; tracked.
    pub(super) fn count(self, ruling: Ruling) -> usize {
        self.0.with(|decided| decided.values().filter(|ruled| ruled.ruling == Some(ruling)).count())
    }

    /// The first change that is declined without a reason; tracked.
    pub(super) fn without_reason(self) -> Option<ChangeId> {
        self.0
            .with(|decided| decided.iter().find(|(_, ruled)| ruled.lacks_reason()).map(|(change, _)| *change))
    }

    /// Forgets everything, once it was signed.
    pub(super) fn clear(self) {
        self.0.set(BTreeMap::new());
    }
}
