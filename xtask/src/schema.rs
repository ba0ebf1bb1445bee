//! Generates `public/config.schema.json` from a template and the vendors' profiles.

use anyhow::Result;
use domain::Vendor;

use crate::files;

const PATH: &str = "public/config.schema.json";

/// The schema with `{{…}}` in place of what depends on the vendors.
const TEMPLATE: &str = include_str!("schema.template.json");

/// Writes the schema.
pub fn write() -> Result<()> {
    files::write(&files::root().join(PATH), schema())?;
    println!("{PATH}: {} vendors", Vendor::ALL.len());
    Ok(())
}

/// A field of a connection that only some vendors have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    ActingAs,
    SmallPlan,
    CallsPerMinute,
    Communities,
    Groups,
}

impl Field {
    const ALL: [Self; 5] =
        [Self::ActingAs, Self::SmallPlan, Self::CallsPerMinute, Self::Communities, Self::Groups];

    fn name(self) -> &'static str {
        match self {
            Self::ActingAs => "acting_as",
            Self::SmallPlan => "small_plan",
            Self::CallsPerMinute => "calls_per_minute",
            Self::Communities => "communities",
            Self::Groups => "groups",
        }
    }

    /// What the field may be where a vendor does not have it.
    fn refused(self) -> &'static str {
        match self {
            Self::SmallPlan => r#"{ "const": false }"#,
            Self::ActingAs | Self::CallsPerMinute | Self::Communities | Self::Groups => "false",
        }
    }

    /// True if connections to a vendor have the field, as `hosting::Config` reads it.
    fn is_of(self, vendor: Vendor) -> bool {
        let (profile, can) = (vendors::profile(vendor), vendors::capabilities(vendor));
        match self {
            Self::ActingAs => can.groups.is_some_and(|groups| groups.has_acting_person),
            Self::SmallPlan => profile.has_small_plan,
            Self::CallsPerMinute => profile.pace_range.is_some(),
            Self::Communities | Self::Groups => can.groups.is_some_and(|groups| !groups.can_list),
        }
    }
}

fn schema() -> String {
    let limits: Vec<_> = Vendor::ALL
        .map(|vendor| {
            format!(
                r##"            "{}": {{ "$ref": "#/$defs/callsPerMinute", "description": "For connections to {}." }}"##,
                vendor.slug(),
                vendor.name()
            )
        })
        .into();
    let most = Vendor::ALL.into_iter().filter_map(|vendor| vendors::profile(vendor).pace_range.clone());
    let most = most.map(|range| *range.end()).max().unwrap_or_default();
    let mut text = TEMPLATE
        .replace("{{vendors}}", &Vendor::SLUGS.map(|slug| format!("\"{slug}\"")).join(", "))
        .replace("{{vendor}}", Vendor::default().slug())
        .replace("{{limits}}", &limits.join(",\n"))
        .replace("{{most_calls_per_minute}}", &most.to_string())
        .replace("{{rules}}", &Vendor::ALL.map(rule).join(",\n"));
    for field in Field::ALL {
        let names: Vec<_> =
            Vendor::ALL.into_iter().filter(|vendor| field.is_of(*vendor)).map(Vendor::name).collect();
        text =
            text.replace(&format!("{{{{only:{}}}}}", field.name()), &format!("{} only.", names.join(", ")));
    }
    text
}

/// The fields that connections to a vendor do not have.
fn rule(vendor: Vendor) -> String {
    let refused: Vec<_> = Field::ALL
        .into_iter()
        .filter(|field| !field.is_of(vendor))
        .map(|field| format!(r#"              "{}": {}"#, field.name(), field.refused()))
        .collect();
    format!(
        r#"        {{
          "if": {{ "properties": {{ "vendor": {{ "const": "{}" }} }}, "required": ["vendor"] }},
          "then": {{
            "properties": {{
{}
            }}
          }}
        }}"#,
        vendor.slug(),
        refused.join(",\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_what_the_profiles_say() {
        let written = files::read_text(&files::root().join(PATH)).expect("the schema is there");
        assert!(written == schema(), "run `cargo xtask schema`");
        assert!(!written.contains("{{"), "the template has no unknown placeholder");
        serde_json::from_str::<serde_json::Value>(&written).expect("the schema is JSON");
    }
}
