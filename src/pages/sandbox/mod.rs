//! `/sandbox`: the values that provoke each error, and a way to reset the sandbox.

mod names;
mod reset;

use domain::Vendor;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::routing::query;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::session::{Session, use_session};
use browser::search::search_for;
use i18n::text;
use names::Name;
use ui::{
    Button, Column, DataTable, Failure, Load, SearchInput, Segment, Segments, Tone, empty_state, none_or,
    notice,
};

/// Shows the names of all vendors, or only those of one.
const SHOW: [Option<Vendor>; Vendor::ALL.len() + 1] = none_or(Vendor::ALL);

/// The values that provoke an error, and the reset.
#[component]
pub fn SandboxPage() -> impl IntoView {
    use_title(text::sandbox_title);
    let session = use_session();
    let read = RwSignal::new(None::<Result<Vec<Name>, bool>>);
    let look = move || {
        read.set(None);
        spawn_local(async move {
            let answer = session.sandbox().sentinels().await;
            let is_online = window().navigator().on_line();
            // The page may be gone by now.
            read.try_set(Some(answer.map(|list| names::read(&list)).map_err(|_| is_online)));
        });
    };
    look();
    let (typed, search) = query::search("q");
    let vendor = query::selection("vendor", &SHOW, |vendor| vendor.map_or("", Vendor::slug));
    let found = Memo::new(move |_| {
        let (wanted, vendor) = (search_for(&search.get()), vendor.get());
        let mut names = read.get().and_then(Result::ok).unwrap_or_default();
        names.retain(|name| name.is_of(vendor) && name.has(&wanted));
        names
    });
    let state = Signal::derive(move || {
        let n_found = found.with(Vec::len);
        Load::of_rows(read.with(|read| match read {
            None => None,
            Some(Ok(_)) => Some(Ok(n_found)),
            Some(Err(is_online)) => Some(Err(why(*is_online))),
        }))
    });
    let nothing = move || {
        let clear = move || {
            typed.set(String::new());
            vendor.set(None);
        };
        let all = view! { <Button label=text::sandbox_show_everything on_press=clear /> }.into_any();
        empty_state("search", text::sandbox_none_found_title(), text::sandbox_none_found_body(), Some(all))
    };
    let columns = vec![
        Column::new("value", text::sandbox_col_value),
        Column::new("place", text::sandbox_col_place),
        Column::new("provokes", text::sandbox_col_provokes),
        Column::new("vendor", text::sandbox_col_vendor),
    ];
    view! {
        {page_head(
            None,
            Vec::new(),
            Signal::derive(text::sandbox_title),
            Signal::derive(text::sandbox_sub),
            Some(reset::reset(session)),
        )}
        <div class="stack">
            {where_it_lives(session, read)} <div class="toolbar">
                <SearchInput label=text::sandbox_search value=typed />
                <Segments legend=text::sandbox_show_vendor value=vendor segments=segments() quiet=true />
            </div> <div class="rows-stack">
                <DataTable
                    label=text::sandbox_list
                    columns=columns
                    state=state
                    empty=nothing
                    retry=Callback::new(move |()| look())
                    row_count=Signal::derive(move || Some(found.with(Vec::len)))
                    foot=move || view! { <span>{text::sandbox_n_names(found.with(Vec::len))}</span> }
                >
                    {move || found.get().into_iter().map(names::row).collect_view()}
                </DataTable>
            </div>
        </div>
    }
    .into_any()
}

fn why(is_online: bool) -> Failure {
    let detail = if is_online { text::sandbox_failed_body() } else { text::sandbox_offline_body() };
    Failure { title: text::sandbox_failed_title(), detail }
}

fn segments() -> Vec<Segment<Option<Vendor>>> {
    let name = |vendor: Vendor| Signal::stored(vendor.name().to_owned());
    let one = |show: Option<Vendor>| Segment {
        value: show,
        label: show.map_or_else(|| Signal::derive(text::sandbox_all_vendors), name),
        icon: "",
    };
    SHOW.map(one).into()
}

/// Where the sandbox keeps its state; known once it has answered.
fn where_it_lives(session: Session, read: RwSignal<Option<Result<Vec<Name>, bool>>>) -> AnyView {
    let words = move || {
        read.track();
        let words: fn() -> String = match session.sandbox().is_durable()? {
            true => text::sandbox_where_durable,
            false => text::sandbox_where_passing,
        };
        Some(notice(Tone::Info, view! { <p>{words}</p> }))
    };
    words.into_any()
}
