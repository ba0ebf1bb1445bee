//! What a view shows and in which order, as a message.

use domain::{Millis, Scope};
use serde::{Deserialize, Serialize};

/// What a view shows. Everything that is left out selects everyone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ViewSpec {
    /// The search term, as typed.
    pub search: String,
    /// The order; by name if `None`.
    pub sort: Option<ViewSort>,
    /// Conditions beside the search term.
    pub filter: ViewFilter,
    /// People who have this in common follow each other, whatever the order; `None` for no groups.
    pub group_by: Option<GroupBy>,
}

/// What the people of a group have in common. Those who have none are the last group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupBy {
    /// The scope, from highest to lowest.
    Scope,
    /// The role, by name.
    Role,
    /// Active people first.
    State,
    /// The domain of the e-mail address, in lower case, by name.
    Domain,
}

/// The order of a view. People who are equal in this column are sorted by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ViewSort {
    /// The column.
    pub column: SortColumn,
    /// Largest first. Missing values are last in both directions.
    pub is_descending: bool,
}

/// A column that can be sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SortColumn {
    /// The name.
    #[default]
    Name,
    /// The vendor's id.
    Id,
    /// The e-mail address.
    Email,
    /// The phone number.
    Phone,
    /// The scope, from highest to lowest.
    Scope,
    /// The name of the role.
    Role,
    /// Active people first.
    State,
    /// The time of joining.
    Joined,
    /// The time of creation.
    Created,
}

/// Conditions that all must hold. An empty list does not limit anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ViewFilter {
    /// One of these scopes.
    pub scopes: Vec<Scope>,
    /// A role with one of these ids.
    pub roles: Vec<Box<str>>,
    /// The state.
    pub is_active: Option<bool>,
    /// Joined at this time or later.
    pub joined_from: Option<Millis>,
    /// Joined at this time or earlier.
    pub joined_to: Option<Millis>,
    /// An e-mail address in one of these domains, in any case.
    pub domains: Vec<Box<str>>,
    /// The people who are looked at.
    pub only: Only,
}

/// The people who are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Only {
    /// Everyone.
    #[default]
    All,
    /// Selected people.
    Selected,
    /// People with these ids, or with these e-mail addresses if they have no id.
    Ids(Vec<Box<str>>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_leaves_out_selects_everybody() {
        let read = |json: &str| serde_json::from_str::<ViewSpec>(json).expect("a message");
        assert_eq!(read("{}"), ViewSpec::default());
        let sort = Some(ViewSort { column: SortColumn::Joined, is_descending: true });
        let only = Only::Ids(vec!["ada".into()]);
        let spec =
            ViewSpec { sort, filter: ViewFilter { only, ..ViewFilter::default() }, ..ViewSpec::default() };
        let json = r#"{"sort":{"column":"joined","is_descending":true},"filter":{"only":{"ids":["ada"]}}}"#;
        assert_eq!(read(json), spec);
        assert_eq!(read(&serde_json::to_string(&spec).expect("plain data")), spec);
        assert_eq!(read(r#"{"filter":{"only":"selected"}}"#).filter.only, Only::Selected);
    }
}
