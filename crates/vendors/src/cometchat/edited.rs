//! Checks whether a returned group shows an edit.

use std::borrow::Cow;
use std::collections::BTreeSet;

use domain::GroupEdit;
use domain::group::PictureEdit;
use serde_json::{Map, Value};

use super::client::is_same_id;
use super::wire::{kind, split_tags};
use crate::answer::{items_at, json_in, text, text_at};

/// True if the response shows every field that was sent, with the value sent. An omitted field proves
/// nothing, unless it was cleared. Passwords are not checked, because no response has them ("Groups").
pub(super) fn shows(edit: &GroupEdit, data: &Value) -> bool {
    let GroupEdit {
        name,
        description,
        tags,
        access,
        owner,
        picture,
        metadata,
        is_discoverable: _,
        topics: _,
    } = edit;
    let is_text = |field: &str, asked: &str| text_at(data, field).as_deref().unwrap_or("") == asked.trim();
    name.as_deref().is_none_or(|asked| is_text("name", asked))
        && description.as_deref().is_none_or(|asked| is_text("description", asked))
        && access.as_ref().is_none_or(|asked| is_text("type", kind(asked)))
        && owner
            .as_deref()
            .is_none_or(|asked| text_at(data, "owner").is_some_and(|owner| is_same_id(&owner, asked)))
        && tags.as_deref().is_none_or(|asked| has_tags(data, asked))
        && picture.as_ref().is_none_or(|asked| match asked {
            PictureEdit::Set(picture) => is_text("icon", picture.as_str()),
            PictureEdit::Clear => is_text("icon", ""),
        })
        && metadata.as_deref().is_none_or(|asked| has_metadata(data, asked))
}

fn has_tags(data: &Value, asked: &str) -> bool {
    // The order of returned tags is undocumented.
    let asked: BTreeSet<_> = split_tags(asked).into_iter().map(Cow::Borrowed).collect();
    let shown: BTreeSet<_> = items_at(data, "tags").into_iter().filter_map(text).collect();
    asked == shown
}

/// Assumed: metadata come back as an object; as its text they are understood as well.
fn has_metadata(data: &Value, asked: &str) -> bool {
    let asked = if asked.trim().is_empty() { Ok(Map::new()) } else { serde_json::from_str(asked) };
    let Ok(asked) = asked else { return false };
    let shown = match data.get("metadata") {
        None | Some(Value::Null) => return asked.is_empty(),
        Some(Value::String(text)) if text.trim().is_empty() => return asked.is_empty(),
        Some(Value::String(text)) => json_in(text).unwrap_or(Value::Null),
        Some(shown) => shown.clone(),
    };
    is_same(&Value::Object(asked), &shown)
}

/// Whether two JSON values are equal, where `1` equals `1.0` and `{}` equals `[]`.
fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(field, value)| right.get(field).is_some_and(|other| is_same(value, other)))
        }
        (Value::Object(fields), Value::Array(items)) | (Value::Array(items), Value::Object(fields)) => {
            fields.is_empty() && items.is_empty()
        }
        (left, right) => left == right,
    }
}

#[cfg(test)]
mod tests {
    use domain::Picture;
    use domain::group::Access;
    use domain::picture::PictureKind;
    use serde_json::json;

    use super::*;

    fn edit(change: impl FnOnce(&mut GroupEdit)) -> GroupEdit {
        let mut edit = GroupEdit::default();
        change(&mut edit);
        edit
    }

    #[test]
    fn every_field_that_was_sent_is_compared() {
        let shown = json!({
            "guid": "hikers", "name": "Hikers", "type": "private", "description": "Up", "owner": "mila",
            "icon": "https://a.example/x.png", "tags": ["b", "a"], "metadata": {"n": 1.0, "none": []},
        });
        let bare = json!({"guid": "hikers", "name": "Hikers", "type": "public"});
        let picture = Picture::parse("https://a.example/x.png", PictureKind::Address).expect("an address");
        let set = |picture: &Picture| Some(PictureEdit::Set(picture.clone()));
        let table = [
            ("name", edit(|it| it.name = Some(" Hikers ".into())), true, true),
            ("another name", edit(|it| it.name = Some("Walkers".into())), false, false),
            ("description", edit(|it| it.description = Some("Up".into())), true, false),
            ("description emptied", edit(|it| it.description = Some("".into())), false, true),
            ("type", edit(|it| it.access = Some(Access::Private)), true, false),
            ("public again", edit(|it| it.access = Some(Access::Public)), false, true),
            ("a password", edit(|it| it.access = Some(Access::Password(None))), false, false),
            ("owner", edit(|it| it.owner = Some("Mila".into())), true, false),
            ("tags", edit(|it| it.tags = Some("a, b".into())), true, false),
            ("other tags", edit(|it| it.tags = Some("a".into())), false, false),
            ("no tags", edit(|it| it.tags = Some("".into())), false, true),
            ("picture", edit(|it| it.picture = set(&picture)), true, false),
            ("no picture", edit(|it| it.picture = Some(PictureEdit::Clear)), false, true),
            ("metadata", edit(|it| it.metadata = Some(r#"{"n": 1, "none": {}}"#.into())), true, false),
            ("other metadata", edit(|it| it.metadata = Some(r#"{"n": 2}"#.into())), false, false),
            ("no metadata", edit(|it| it.metadata = Some("".into())), false, true),
            ("nothing", GroupEdit::default(), true, true),
        ];
        for (what, edit, in_shown, in_bare) in table {
            assert_eq!((shows(&edit, &shown), shows(&edit, &bare)), (in_shown, in_bare), "{what}");
        }
    }
}
