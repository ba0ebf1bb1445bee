//! Journals in the previous release's format 1, which lists every change and outcome individually.

use serde_json::{Value, json};

/// Converts a heading to format 1.
pub fn heading(text: &str) -> String {
    changed(text, |heading| {
        heading["format"] = json!(1);
        if let Some(heading) = heading.as_object_mut() {
            heading.remove("target");
        }
    })
}

/// Converts a chunk of a plan to format 1: changes with field names.
pub fn chunk(text: &str) -> String {
    changed(text, |chunk| {
        for change in chunk["changes"].as_array_mut().into_iter().flatten() {
            if let [key, name, operation, before, action] =
                &change.as_array().cloned().unwrap_or_default()[..]
            {
                let person = json!({ "key": key, "name": name });
                *change =
                    json!({ "person": person, "effect": operation, "before": before, "action": action });
            }
        }
    })
}

/// Converts a record to format 1: no ranges of changes, and an outcome for each change.
pub fn line(text: &str) -> String {
    changed(text, |line| {
        for entry in line["entry"].as_object_mut().into_iter().flat_map(|entry| entry.values_mut()) {
            for name in ["changes", "again"] {
                if let Some(parts) = entry.get_mut(name) {
                    *parts = json!(spelt_out(parts));
                }
            }
            for name in ["outcomes", "settled"] {
                let Some(groups) = entry.get_mut(name) else { continue };
                let each = |group: &Value| {
                    if group[0].is_u64() {
                        return vec![group.clone()]; // already in format 1
                    }
                    let (outcome, changes) = (group[0].clone(), spelt_out(&group[1]));
                    changes.into_iter().map(move |change| json!([change, outcome])).collect()
                };
                *groups = groups.as_array().into_iter().flatten().flat_map(each).collect();
            }
        }
    })
}

fn spelt_out(parts: &Value) -> Vec<u64> {
    let one = |part: &Value| {
        let first = part.as_u64().or_else(|| part[0].as_u64()).unwrap_or_default();
        first..=part[1].as_u64().unwrap_or(first)
    };
    parts.as_array().into_iter().flatten().flat_map(one).collect()
}

fn changed(text: &str, change: impl FnOnce(&mut Value)) -> String {
    // A damaged record stays as it is.
    let Ok(mut value) = serde_json::from_str(text) else { return text.to_owned() };
    change(&mut value);
    value.to_string()
}
