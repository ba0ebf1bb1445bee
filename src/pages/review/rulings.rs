//! What the reviewer has decided so far, kept on this device until it is signed.

use std::collections::BTreeMap;
use std::rc::Rc;

use domain::{ChangeId, ConnectionId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use review::Ruling;

use crate::state::session::Session;
use ui::effect;

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
pub(super) struct Rulings {
    session: Session,
    decided: RwSignal<BTreeMap<ChangeId, Ruled>>,
    /// The connection on which the changes are compared. What was decided on another does not count here.
    on: StoredValue<Option<ConnectionId>>,
    /// The hash of the request.
    request: StoredValue<Box<str>>,
    /// Whether what was left the last time was read.
    is_read: StoredValue<bool>,
}

/// Decisions as they are signed, and where they are kept until then.
pub(super) struct SignedRulings {
    pub(super) rulings: BTreeMap<ChangeId, (Ruling, Box<str>)>,
    session: Session,
    on: Option<ConnectionId>,
    form: Box<str>,
}

impl SignedRulings {
    fn holds(&self, change: ChangeId, ruled: &Ruled) -> bool {
        self.rulings
            .get(&change)
            .is_some_and(|(ruling, comment)| ruled.ruling == Some(*ruling) && ruled.comment == *comment)
    }
}

/// How a decision is kept: change, ruling, comment.
type Kept = (ChangeId, Option<Ruling>, Box<str>);

impl Rulings {
    /// Nothing was decided yet. `request` is the hash of the request.
    pub(super) fn new(session: Session, request: &str) -> Self {
        let rulings = Self {
            session,
            decided: RwSignal::default(),
            on: StoredValue::new(None),
            request: StoredValue::new(["review-", request].concat().into()),
            is_read: StoredValue::new(false),
        };
        rulings.keep_changes();
        rulings
    }

    /// Goes on with what was decided on this connection the last time.
    pub(super) fn go_on(self, connection: &ConnectionId) {
        if self.on.with_value(|on| on.as_ref() == Some(connection)) {
            return;
        }
        self.is_read.set_value(false);
        self.on.set_value(Some(connection.clone()));
        self.decided.set(BTreeMap::new());
        let (session, id, form) = (self.session, connection.clone(), self.request.get_value());
        spawn_local(async move {
            let draft = session.draft(&id, &form).await;
            // The page may be gone by now, or show another connection.
            if self.on.try_with_value(|on| on.as_ref() == Some(&id)) != Some(true) {
                return;
            }
            let kept = read(draft);
            self.is_read.set_value(true);
            // What was decided meanwhile stays.
            self.decided.update(|decided| {
                for (change, ruling, comment) in kept {
                    decided.entry(change).or_insert(Ruled { ruling, comment });
                }
            });
        });
    }

    /// Keeps every change on this device.
    fn keep_changes(self) {
        effect(move || {
            let kept: Vec<Kept> = self.decided.with(|decided| {
                let one =
                    |(change, ruled): (&ChangeId, &Ruled)| (*change, ruled.ruling, ruled.comment.clone());
                decided.iter().map(one).collect()
            });
            if let Some(id) = self.on.get_value().filter(|_| self.is_read.get_value()) {
                self.session.save_draft(&id, &self.request.get_value(), write(&kept));
            }
        });
    }

    /// The decision about a change; tracked.
    pub(super) fn of(self, change: ChangeId) -> Ruled {
        self.decided.with(|decided| decided.get(&change).cloned().unwrap_or_default())
    }

    /// Decides a change.
    pub(super) fn rule(self, change: ChangeId, ruling: Option<Ruling>) {
        self.change(change, |ruled| ruled.ruling = ruling);
    }

    /// Decides several changes in the same way.
    pub(super) fn rule_all(self, changes: impl IntoIterator<Item = ChangeId>, ruling: Option<Ruling>) {
        self.decided.update(|decided| {
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
        self.decided.update(|decided| {
            how(decided.entry(change).or_default());
            decided.retain(|_, ruled| *ruled != Ruled::default());
        });
    }

    /// The decided changes with their rulings; tracked.
    pub(super) fn decided(self) -> BTreeMap<ChangeId, (Ruling, Box<str>)> {
        self.decided.with(|decided| {
            let one = |(change, ruled): (&ChangeId, &Ruled)| {
                Some((*change, (ruled.ruling?, ruled.comment.clone())))
            };
            decided.iter().filter_map(one).collect()
        })
    }

    /// How many changes are decided in this way; tracked.
    pub(super) fn count(self, ruling: Ruling) -> usize {
        self.decided.with(|decided| decided.values().filter(|ruled| ruled.ruling == Some(ruling)).count())
    }

    /// The first change that is declined without a reason; tracked.
    pub(super) fn without_reason(self) -> Option<ChangeId> {
        self.decided
            .with(|decided| decided.iter().find(|(_, ruled)| ruled.lacks_reason()).map(|(change, _)| *change))
    }

    /// What is decided now, to be signed.
    pub(super) fn to_sign(self) -> SignedRulings {
        SignedRulings {
            rulings: untrack(|| self.decided()),
            session: self.session,
            on: self.on.get_value(),
            form: self.request.get_value(),
        }
    }

    /// Forgets what was signed. What was decided since stays.
    pub(super) async fn forget(self, signed: SignedRulings) {
        // The page may be gone by now, or show another connection.
        if self.on.try_with_value(|on| *on == signed.on) == Some(true) {
            self.decided.update(|decided| decided.retain(|change, ruled| !signed.holds(*change, ruled)));
            return;
        }
        let Some(on) = &signed.on else { return };
        let mut kept = read(signed.session.draft(on, &signed.form).await);
        kept.retain(|(change, ruling, comment)| {
            let ruled = Ruled { ruling: *ruling, comment: comment.clone() };
            !signed.holds(*change, &ruled)
        });
        signed.session.save_draft(on, &signed.form, write(&kept));
    }
}

fn read(draft: Option<Rc<str>>) -> Vec<Kept> {
    draft.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default()
}

fn write(kept: &[Kept]) -> Option<String> {
    (!kept.is_empty()).then(|| serde_json::to_string(kept).ok()).flatten()
}
