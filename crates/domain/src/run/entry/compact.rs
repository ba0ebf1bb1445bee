//! Compact encoding of long lists: consecutive changes as `[first, last]`, and each outcome once for
//! consecutive changes.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ChangeId;

/// More changes than any plan has: a longer span is corrupt.
const MAX_SPAN: u32 = 20_000_000;

/// One change, or consecutive ones.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(untagged)]
enum Part {
    One(u32),
    Span(u32, u32),
}

impl Part {
    fn changes<E: Error>(self) -> Result<impl Iterator<Item = ChangeId>, E> {
        let (first, last) = match self {
            Part::One(change) => (change, change),
            Part::Span(first, last) => (first, last),
        };
        if last < first || last - first > MAX_SPAN {
            return Err(E::custom("expected the first and the last change of a span"));
        }
        Ok((first..=last).map(ChangeId))
    }
}

fn parts(changes: &[ChangeId]) -> Vec<Part> {
    let spans = changes.chunk_by(|a, b| a.0.checked_add(1) == Some(b.0));
    let part = |span: &[ChangeId]| match span {
        [first, .., last] => Part::Span(first.0, last.0),
        one => Part::One(one.first().map_or(0, |change| change.0)),
    };
    spans.map(part).collect()
}

fn unpacked<E: Error>(parts: Vec<Part>) -> Result<Vec<ChangeId>, E> {
    let mut changes = Vec::new();
    for part in parts {
        changes.extend(part.changes()?);
    }
    Ok(changes)
}

/// For `Vec<ChangeId>`.
pub(super) mod changes {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(changes: &[ChangeId], to: S) -> Result<S::Ok, S::Error> {
        parts(changes).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<ChangeId>, D::Error> {
        unpacked(Vec::deserialize(from)?)
    }
}

/// For `Vec<(ChangeId, Outcome)>`.
pub(super) mod outcomes {
    use super::*;
    use crate::Outcome;

    pub(crate) fn serialize<S: Serializer>(
        outcomes: &[(ChangeId, Outcome)],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let groups = outcomes.chunk_by(|(_, a), (_, b)| a == b).map(|group| {
            let changes: Vec<_> = group.iter().map(|(change, _)| *change).collect();
            (&group[0].1, parts(&changes))
        });
        to.collect_seq(groups)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<(ChangeId, Outcome)>, D::Error> {
        let mut outcomes = Vec::new();
        for (outcome, parts) in Vec::<(Outcome, Vec<Part>)>::deserialize(from)? {
            let changes = unpacked(parts)?;
            outcomes.extend(changes.into_iter().map(|change| (change, outcome.clone())));
        }
        Ok(outcomes)
    }
}
