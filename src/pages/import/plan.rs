//! The last step: what holds for everyone, and the way to the preview.

use std::sync::Arc;

use domain::Connection;
use domain::form::people::{GroupReading, Missing, Purpose};
use domain::list::ColumnKind;
use import_worker::{ImportSummary, Standing};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

use super::importing::Importing;
use super::people::has_groups;
use super::prepared::{self, Prepared};
use super::step;
use crate::features::adding::compose::FileForm;
use crate::routing::{paths, use_go};
use i18n::text;
use ui::{Button, Variant};

/// The plan; nothing before the file is read.
pub(super) fn plan(importing: Importing, connection: Arc<Connection>, purpose: Purpose) -> AnyView {
    let query = use_query_map();
    let group = RwSignal::new(query.with_untracked(|query| query.get("group")));
    let form = FileForm::new(&connection, purpose, group);
    if let Some(fields) = importing.take_fields() {
        form.restore(fields);
    }
    let is_there = Memo::new(move |_| importing.is_open());
    let go = use_go();
    let view = move || {
        let go = go.clone();
        is_there.get().then(|| {
            let note = move || String::new();
            step(5, text::import_step_plan, note, body(importing, form, go))
        })
    };
    view.into_any()
}

fn body(importing: Importing, form: FileForm, go: impl Fn(&str) + Clone + Send + Sync + 'static) -> AnyView {
    let is_busy = RwSignal::new(false);
    let off = Signal::derive(move || {
        if is_busy.get() || importing.is_changing() {
            return Some(text::plan_preparing());
        }
        importing.summary.with(|summary| summary.as_deref().and_then(|summary| missing(form, summary)))
    });
    let n = move || importing.summary.with(|summary| summary.as_ref().map_or(0, |it| it.n_usable));
    let n_left = move || {
        let left = |summary: &ImportSummary| summary.n_problems() + summary.count(Standing::LeftOut);
        importing.summary.with(|summary| summary.as_deref().map_or(0, left))
    };
    let press = move || {
        let go = go.clone();
        is_busy.set(true);
        let n_changes = importing.n_changes.get_untracked();
        spawn_local(async move {
            let people = importing.people().await;
            // The page may be gone by now, or show another action.
            if is_busy.try_set(false).is_some() {
                return;
            }
            let Some(people) = people else { return };
            // Of a file that changed meanwhile, some people are as before and some as after. What holds for everyone
            // may lack something by now.
            if importing.n_changes.get_untracked() != n_changes || untrack(|| off.get()).is_some() {
                return;
            }
            let (asks, fields, n_left) = (form.asks(), untrack(|| form.fields()), untrack(n_left));
            let (connection, name) = (importing.connection().id.clone(), importing.name());
            importing.leave(fields.clone());
            prepared::hand_over(Prepared { connection, name, asks, fields, people, n_left });
            go(&paths::import_preview());
        });
    };
    let label = move || {
        let has_groups = importing.summary.with(|summary| summary.as_deref().is_some_and(has_groups));
        if has_groups { text::import_preview_rows(n()) } else { text::import_preview(n()) }
    };
    let stays = move || Some(n_left()).filter(|n| *n > 0).map(text::import_rows_stay);
    view! {
        <p class="help">{text::import_for_all}</p>
        {form.view()}
        <div class="cluster">
            <Button label=label variant=Variant::Primary disabled_reason=off on_press=press />
            <span class="small muted">{stays}</span>
        </div>
    }
    .into_any()
}

/// What is missing before the preview, as a sentence.
fn missing(form: FileForm, summary: &ImportSummary) -> Option<String> {
    if summary.count(Standing::Contradiction) > 0 {
        return Some(text::import_contradictions_first());
    }
    if summary.n_usable == 0 {
        return Some(text::import_nobody_usable());
    }
    let mut fields = form.fields();
    // Where every row has its own, none is needed for all.
    let any = |kind: ColumnKind| {
        let mut own = summary.words.iter().filter(|word| word.kind == kind);
        own.find_map(|word| word.means.as_deref().map(str::to_owned))
    };
    if summary.n_without_group == 0 && fields.group.is_none() {
        fields.group = any(ColumnKind::Group);
    }
    if summary.n_without_role == 0 && fields.role.is_empty() {
        fields.role = any(ColumnKind::Role).unwrap_or_default();
    }
    Some(match form.asks().missing(&fields, GroupReading::Done)? {
        Missing::Group | Missing::GroupReading => text::add_choose_group_first(),
        Missing::Community => text::add_choose_community_first(),
        Missing::Role => text::add_choose_role_first(),
        Missing::Password => text::add_password_lost(),
    })
}
