//! Changes that are marked in the matrix and not sent yet.

use std::collections::BTreeMap;

use domain::{Command, Effect, GroupId, Person, Scope};
use serde::{Deserialize, Serialize};

/// Where somebody stands in a group; `None` is not in it.
pub type Standing = Option<Scope>;

/// The standing wished for, by the person's id; who keeps theirs is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Staged(BTreeMap<Box<str>, Wish>);

/// One wish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// What to call the person.
    pub name: Option<Box<str>>,
    /// How it was when it was marked.
    pub before: Scope,
    /// How it is to be.
    pub after: Standing,
}

/// What a wish comes to, for counting and for words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// More may be done than before.
    Promoted,
    /// Less may be done than before.
    SteppedDown,
    /// Out, and may come back.
    Removed,
    /// Out, and may not come back.
    Banned,
    /// May come back.
    Unbanned,
}

impl Wish {
    /// What it comes to.
    pub fn kind(&self) -> Kind {
        match (self.before, self.after) {
            (Scope::Banned, _) => Kind::Unbanned,
            (_, Some(Scope::Banned)) => Kind::Banned,
            (_, None) => Kind::Removed,
            // Scopes are ordered from most to least.
            (before, Some(after)) if after < before => Kind::Promoted,
            (_, Some(_)) => Kind::SteppedDown,
        }
    }

    fn effect(&self, group: &GroupId) -> Effect {
        let group = group.clone();
        match (self.kind(), self.after) {
            (Kind::Promoted | Kind::SteppedDown, Some(scope)) => Effect::SetScope { group, scope },
            (Kind::Banned, _) => Effect::Ban { group },
            (Kind::Unbanned, _) => Effect::Unban { group },
            (Kind::Promoted | Kind::SteppedDown | Kind::Removed, _) => Effect::Kick { group },
        }
    }
}

/// True if the matrix offers this change: a ban has to be lifted before somebody can be added again.
pub fn is_offered(before: Scope, after: Standing) -> bool {
    before != Scope::Banned || after.is_none_or(|scope| scope == Scope::Banned)
}

impl Staged {
    /// Marks a wish, or takes it back if it is how things are already.
    pub fn mark(&mut self, id: &str, name: Option<Box<str>>, before: Scope, after: Standing) {
        if after == Some(before) || !is_offered(before, after) {
            self.0.remove(id);
        } else {
            self.0.insert(id.into(), Wish { name, before, after });
        }
    }

    /// Takes one back.
    pub fn take_back(&mut self, id: &str) {
        self.0.remove(id);
    }

    /// Takes back what another tab has sent; who is wished elsewhere here stays marked.
    pub fn take_out(&mut self, sent: &Self) {
        self.0.retain(|id, wish| sent.wish(id).is_none_or(|sent| sent.after != wish.after));
    }

    /// Takes all back.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The wish for a person.
    pub fn wish(&self, id: &str) -> Option<&Wish> {
        self.0.get(id)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// How many of a kind there are.
    pub fn count_of(&self, kind: Kind) -> usize {
        self.0.values().filter(|wish| wish.kind() == kind).count()
    }

    /// Compares with what was read anew. Wishes that have come true go. If a person stands elsewhere than when
    /// they were marked, as when the mark was set while the group was being read again, the wish is kept as
    /// long as it comes to the same kind of change from there; else it goes and is counted. `standing` is
    /// `None` for somebody of whom nothing was read.
    pub fn settle(&mut self, standing: impl Fn(&str) -> Option<Standing>) -> usize {
        let mut n_outdated = 0;
        self.0.retain(|id, wish| {
            let Some(now) = standing(id) else { return true };
            let from_here = now.map(|before| Wish { before, ..wish.clone() });
            match from_here {
                _ if now == wish.after => false,
                Some(from_here) if from_here.kind() == wish.kind() => {
                    *wish = from_here;
                    true
                }
                Some(_) | None => {
                    n_outdated += 1;
                    false
                }
            }
        });
        n_outdated
    }

    /// The wishes as a command.
    pub fn command(&self, group: &GroupId) -> Command {
        let mut command = Command::new();
        for (id, wish) in &self.0 {
            let person = Person::by_id(id).with_name(wish.name.as_deref().unwrap_or_default());
            command.wish(person, wish.effect(group));
        }
        command
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn wish(before: Scope, after: Standing) -> Wish {
        Wish { name: None, before, after }
    }

    #[wasm_bindgen_test]
    fn every_step_has_its_kind_and_its_call() {
        let group = GroupId::new("g");
        let set = |scope| Effect::SetScope { group: group.clone(), scope };
        let table = [
            (Scope::Participant, Some(Scope::Admin), Kind::Promoted, set(Scope::Admin)),
            (Scope::Admin, Some(Scope::Moderator), Kind::SteppedDown, set(Scope::Moderator)),
            (Scope::Moderator, None, Kind::Removed, Effect::Kick { group: group.clone() }),
            (Scope::Moderator, Some(Scope::Banned), Kind::Banned, Effect::Ban { group: group.clone() }),
            (Scope::Banned, None, Kind::Unbanned, Effect::Unban { group: group.clone() }),
        ];
        for (before, after, kind, effect) in table {
            let wish = wish(before, after);
            assert_eq!((wish.kind(), wish.effect(&group)), (kind, effect), "{before:?} {after:?}");
        }
    }

    #[wasm_bindgen_test]
    fn going_back_to_the_scope_until_now_is_no_change() {
        let mut staged = Staged::default();
        staged.mark("ada", None, Scope::Participant, Some(Scope::Admin));
        staged.mark("ada", None, Scope::Participant, Some(Scope::Participant));
        assert_eq!(staged.count(), 0);
    }

    #[wasm_bindgen_test]
    fn what_another_tab_has_sent_is_taken_out_and_the_rest_stays() {
        let (mut here, mut sent) = (Staged::default(), Staged::default());
        for staged in [&mut here, &mut sent] {
            staged.mark("ada", None, Scope::Participant, Some(Scope::Admin));
            staged.mark("bo", None, Scope::Participant, None);
        }
        here.mark("bo", None, Scope::Participant, Some(Scope::Banned));
        here.mark("cy", None, Scope::Participant, None);
        here.take_out(&sent);
        assert!(here.wish("ada").is_none() && here.wish("bo").is_some() && here.wish("cy").is_some());
    }

    #[wasm_bindgen_test]
    fn a_banned_person_can_only_be_unbanned() {
        let mut staged = Staged::default();
        staged.mark("ada", None, Scope::Banned, Some(Scope::Admin));
        assert_eq!(staged.count(), 0);
        staged.mark("ada", None, Scope::Banned, None);
        assert_eq!(staged.count_of(Kind::Unbanned), 1);
    }

    #[wasm_bindgen_test]
    fn what_came_true_elsewhere_is_dropped_and_the_rest_stays() {
        let mut staged = Staged::default();
        staged.mark("came-true", None, Scope::Participant, Some(Scope::Admin));
        staged.mark("left", None, Scope::Participant, Some(Scope::Admin));
        staged.mark("refused", None, Scope::Participant, Some(Scope::Admin));
        staged.mark("unread", None, Scope::Participant, Some(Scope::Admin));
        let n_outdated = staged.settle(|id| match id {
            "came-true" => Some(Some(Scope::Admin)),
            "refused" => Some(Some(Scope::Participant)),
            "unread" => None,
            _ => Some(None),
        });
        assert_eq!(n_outdated, 1);
        assert!(staged.wish("refused").is_some() && staged.wish("unread").is_some());
        assert_eq!(staged.count(), 2);
    }

    #[wasm_bindgen_test]
    fn a_mark_stays_while_it_comes_to_the_same_from_where_the_person_stands_now() {
        use Scope::{Admin, Banned, Moderator, Participant};
        let table = [
            ("still a promotion", Participant, Some(Admin), Some(Moderator), Some(Moderator)),
            ("would be a demotion now", Participant, Some(Moderator), Some(Admin), None),
            ("out is out from anywhere", Participant, None, Some(Admin), Some(Admin)),
            ("a ban too", Moderator, Some(Banned), Some(Participant), Some(Participant)),
            ("who is banned cannot be removed", Participant, None, Some(Banned), None),
            ("who has left cannot be promoted", Participant, Some(Admin), None, None),
        ];
        for (what, before, after, now, kept_from) in table {
            let mut staged = Staged::default();
            staged.mark("ada", None, before, after);
            let n_outdated = staged.settle(|_| Some(now));
            let kept = staged.wish("ada").map(|wish| (wish.before, wish.after));
            assert_eq!(kept, kept_from.map(|before| (before, after)), "{what}");
            assert_eq!(n_outdated, usize::from(kept_from.is_none()), "{what}");
        }
    }
}
