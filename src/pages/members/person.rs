//! The drawer with the details of one person.

use domain::{Connection, Member};
use leptos::prelude::*;

use crate::features::reading::person_details::person_details;
use i18n::text;
use ui::{Button, Drawer, Variant, copy_text};

/// Everything the vendor tells about a person, as text.
pub fn person_drawer(connection: &Connection, person: Member, on_close: Callback<()>) -> AnyView {
    let (vendor, title) = (connection.vendor, person.label().to_owned());
    let id = person.id.to_string();
    let copy = {
        let id = id.clone();
        move || copy_text(id.clone())
    };
    let foot = move || {
        let copy = copy.clone();
        (!id.is_empty()).then(|| {
            view! { <Button label=text::members_copy_id icon="copy" variant=Variant::Plain on_press=copy /> }
        })
    };
    view! {
        <Drawer title=title on_close=on_close foot=foot>
            {person_details(vendor, person)}
        </Drawer>
    }
    .into_any()
}
