//! The second step: what each column holds, and what the words in some of them stand for.

use domain::ProblemCode;
use domain::capabilities::{AddTarget, Capabilities};
use domain::list::ColumnKind;
use import_worker::{ColumnSource, ImportChange, ImportColumn, ImportSummary, Standing};
use leptos::prelude::*;

use super::importing::Importing;
use super::{meanings, step};
use i18n::{format_list, text};
use ui::{Button, Select, SelectOption, SelectValue, TextInput, effect};

/// The kinds that one column of a file can be at most.
const ONLY_ONE: [ColumnKind; 8] = [
    ColumnKind::Name,
    ColumnKind::FirstName,
    ColumnKind::MiddleName,
    ColumnKind::LastName,
    ColumnKind::Group,
    ColumnKind::Role,
    ColumnKind::Price,
    ColumnKind::Note,
];

/// The columns of the file; nothing before there is one.
pub(super) fn columns(importing: Importing) -> AnyView {
    // The table is drawn anew for another file, and follows changes by itself.
    let n_columns =
        Memo::new(move |_| importing.summary.with(|summary| summary.as_ref().map(|it| it.columns.len())));
    let view = move || {
        let n_columns = n_columns.get()?;
        let note = move || {
            let is_used = |summary: &ImportSummary| {
                summary.columns.iter().filter(|column| column.kind != ColumnKind::Unused).count()
            };
            let n = importing.summary.with(|summary| summary.as_deref().map_or(0, is_used));
            text::import_columns_used(text::ImportColumnsUsed {
                n: &n.to_string(),
                all: &n_columns.to_string(),
            })
        };
        let body = view! {
            {header_choice(importing)}
            {table(importing, n_columns)}
            {country(importing)}
            {meanings::meanings(importing)}
        };
        Some(step(2, text::import_step_columns, note, body.into_any()))
    };
    view.into_any()
}

fn header_choice(importing: Importing) -> AnyView {
    let has_header =
        move || importing.summary.with(|summary| summary.as_ref().is_some_and(|it| it.has_header));
    let change = move |event| importing.change(vec![ImportChange::Header(event_target_checked(&event))]);
    view! {
        <label class="check">
            <input class="tick" type="checkbox" prop:checked=has_header on:change=change />
            <span>{text::import_has_header}</span>
        </label>
    }
    .into_any()
}

fn table(importing: Importing, n_columns: usize) -> AnyView {
    let rows = (0..n_columns).map(|idx| row(importing, idx)).collect_view();
    view! {
        <div class="grid-card">
            <div class="grid-scroll" tabindex="0" role="region" aria-label=text::import_step_columns>
                <table class="grid import-columns" aria-label=text::import_step_columns>
                    <thead>
                        <tr>
                            <th scope="col">{text::import_column}</th>
                            <th scope="col">{text::import_column_holds}</th>
                            <th scope="col" class="mid">
                                {text::import_column_examples}
                            </th>
                            <th scope="col" class="mid">
                                {text::import_column_known_by}
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </div>
    }
    .into_any()
}

fn row(importing: Importing, idx: usize) -> AnyView {
    let column = Memo::new(move |_| {
        importing.summary.with(|summary| summary.as_ref().and_then(|it| it.columns.get(idx).cloned()))
    });
    let name = move || {
        column.with(|column| column.as_ref().map_or_else(String::new, |column| column_name(idx, column)))
    };
    let now = move || column.with(|column| column.as_ref().map_or("", |column| slug(column.kind)).to_owned());
    let choose = move |chosen: String| {
        if let (Some(kinds), Some(kind)) = (importing.kinds(), of_slug(&chosen)) {
            importing.change(vec![ImportChange::Columns(with_kind(kinds, idx, kind))]);
        }
    };
    let options = Signal::derive(move || {
        let can = vendors::capabilities(importing.connection().vendor);
        let own = column.with(|column| column.as_ref().map(|column| column.kind));
        let mut kinds = kinds(&can);
        kinds.extend(own.filter(|own| !kinds.contains(own)));
        kinds.into_iter().map(|kind| SelectOption::words(slug(kind), kind_word(kind))).collect::<Vec<_>>()
    });
    let examples = move || {
        let texts =
            column.with(|column| column.as_ref().map(|column| column.texts.clone()).unwrap_or_default());
        format_list(&texts.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let known = move || column.with(|column| column.as_ref().map(known_by).unwrap_or_default());
    let label = move || text::import_column_holds_of(&name());
    view! {
        <tr>
            <th scope="row">
                <bdi translate="no">{name}</bdi>
            </th>
            <td>
                <Select label=label value=SelectValue::new(now, choose) options=options />
            </td>
            <td class="mid">
                <bdi translate="no" class="muted">
                    {examples}
                </bdi>
            </td>
            <td class="mid">{known}</td>
        </tr>
    }
    .into_any()
}

/// The calling code of phone numbers without one; nothing where none is needed.
fn country(importing: Importing) -> AnyView {
    let chosen = Memo::new(move |_| importing.summary.with(|it| it.as_deref().and_then(|it| it.country)));
    // The field stays once it was there: its code can be changed and taken back.
    let is_there = Memo::new(move |before: Option<&bool>| {
        let lacks = |summary: &ImportSummary| {
            summary.country.is_some() || summary.count(Standing::Refused(ProblemCode::CountryMissing)) > 0
        };
        before.is_some_and(|was_there| *was_there)
            || importing.summary.with(|summary| summary.as_deref().is_some_and(lacks))
    });
    let code = RwSignal::new(String::new());
    let applied = RwSignal::new(String::new());
    let is_same = move || code.with(|code| applied.with(|applied| code.trim() == applied));
    effect(move || {
        let Some(chosen) = chosen.get() else { return };
        // Another code may have been applied meanwhile.
        if importing.is_changing() {
            return;
        }
        let text = ["+", &chosen.to_string()].concat();
        // What is typed meanwhile stays.
        if untrack(is_same) {
            code.set(text.clone());
        }
        applied.set(text);
    });
    let apply = move || {
        let typed = code.get_untracked().trim().to_owned();
        applied.set(typed.clone());
        importing.change(vec![ImportChange::Country(typed.into())]);
    };
    let error = move || {
        let is_bad = is_same() && code.with(|code| !code.trim().is_empty()) && chosen.get().is_none();
        (is_bad && !importing.is_changing()).then(text::add_country_bad)
    };
    let field = move || {
        is_there.get().then(|| {
            view! {
                <div class="import-mend">
                    <TextInput
                        label=text::add_country
                        value=code
                        kind="tel"
                        placeholder=Signal::derive(|| "+44".to_owned())
                        help=Signal::derive(text::add_country_help)
                        error=Signal::derive(error)
                        mono=true
                    />
                    <div class="cluster">
                        <Button label=text::import_apply small=true on_press=apply />
                    </div>
                </div>
            }
        })
    };
    field.into_any()
}

/// The heading of a column, or its number.
pub(super) fn column_name(idx: usize, column: &ImportColumn) -> String {
    if column.heading.trim().is_empty() {
        text::import_column_n(&(idx + 1).to_string())
    } else {
        column.heading.to_string()
    }
}

/// The kinds of all columns, with this one of a kind. Of some kinds there can be only one.
fn with_kind(mut kinds: Vec<ColumnKind>, idx: usize, kind: ColumnKind) -> Vec<ColumnKind> {
    if ONLY_ONE.contains(&kind) {
        for own in kinds.iter_mut().filter(|own| **own == kind) {
            *own = ColumnKind::Unused;
        }
    }
    kinds[idx] = kind;
    kinds
}

/// The kinds that the vendor has a use for.
fn kinds(can: &Capabilities) -> Vec<ColumnKind> {
    let (identity, add) = (&can.identity, &can.add);
    let all = [
        (ColumnKind::Unused, true),
        (ColumnKind::Id, identity.takes_ids),
        (ColumnKind::Email, identity.takes_emails),
        (ColumnKind::Phone, identity.takes_phones),
        (ColumnKind::Name, true),
        (ColumnKind::FirstName, true),
        (ColumnKind::MiddleName, true),
        (ColumnKind::LastName, true),
        (ColumnKind::Scope, identity.takes_scopes),
        (ColumnKind::Group, add.target != AddTarget::Whole),
        (ColumnKind::Role, add.has_roles),
        (ColumnKind::Price, add.has_prices),
        (ColumnKind::Note, add.has_roles),
    ];
    all.into_iter().filter(|(_, is_there)| *is_there).map(|(kind, _)| kind).collect()
}

const SLUGS: [(ColumnKind, &str); 14] = [
    (ColumnKind::Unused, "unused"),
    (ColumnKind::Id, "id"),
    (ColumnKind::Email, "email"),
    (ColumnKind::Phone, "phone"),
    (ColumnKind::Name, "name"),
    (ColumnKind::FirstName, "first_name"),
    (ColumnKind::MiddleName, "middle_name"),
    (ColumnKind::LastName, "last_name"),
    (ColumnKind::Scope, "scope"),
    (ColumnKind::Group, "group"),
    (ColumnKind::Role, "role"),
    (ColumnKind::Price, "price"),
    (ColumnKind::Note, "note"),
    (ColumnKind::KeyKind, "key_kind"),
];

fn slug(kind: ColumnKind) -> &'static str {
    SLUGS.iter().find(|(own, _)| *own == kind).map_or("unused", |(_, slug)| slug)
}

fn of_slug(slug: &str) -> Option<ColumnKind> {
    SLUGS.iter().find(|(_, own)| *own == slug).map(|(kind, _)| *kind)
}

/// What a column holds, in words.
pub(super) fn kind_word(kind: ColumnKind) -> String {
    match kind {
        ColumnKind::Id => text::import_kind_id(),
        ColumnKind::Email => text::import_kind_email(),
        ColumnKind::Phone => text::import_kind_phone(),
        ColumnKind::Name => text::import_kind_name(),
        ColumnKind::FirstName => text::import_kind_first_name(),
        ColumnKind::MiddleName => text::import_kind_middle_name(),
        ColumnKind::LastName => text::import_kind_last_name(),
        ColumnKind::Scope => text::import_kind_scope(),
        ColumnKind::Group => text::import_kind_group(),
        ColumnKind::Role => text::import_kind_role(),
        ColumnKind::Price => text::import_kind_price(),
        ColumnKind::Note => text::import_kind_note(),
        ColumnKind::KeyKind => text::import_kind_key_kind(),
        ColumnKind::Unused => text::import_kind_unused(),
    }
}

/// How it is known what a column holds, and how many of the first rows agree.
fn known_by(column: &ImportColumn) -> String {
    let source = match column.source {
        ColumnSource::Heading => text::import_known_heading(),
        ColumnSource::Contents => text::import_known_contents(),
        ColumnSource::Hand => text::import_known_hand(),
        ColumnSource::Nothing => return text::import_known_nothing(),
    };
    match column.fit {
        Some((fit, all)) => text::import_known_fit(text::ImportKnownFit {
            source: &source,
            n: &fit.to_string(),
            all: &all.to_string(),
        }),
        None => source,
    }
}
