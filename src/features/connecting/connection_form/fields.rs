//! The fields of the form.

use domain::{ConnectionKind, Vendor};
use hosting::Feature;
use leptos::prelude::*;

use super::{ConnectionForm, meant_words};
use crate::features::connecting::key_fields::key_fields;
use crate::features::connecting::key_power::power_notice;
use crate::features::connecting::key_storage::key_storage_fields;
use crate::features::words;
use i18n::{format_number, text};
use ui::{
    Button, Checkbox, Choice, Choices, Segment, Segments, Select, SelectOption, TextArea, TextInput,
    effect_after, vendor_mark,
};

/// The fields, without buttons. `sandbox` is the address of a sandbox server, if this host has one.
pub fn connection_fields(form: ConnectionForm, sandbox: Signal<Option<String>>) -> AnyView {
    let is_new = form.id.with_value(Option::is_none);
    let vendors = is_new.then(|| vendor_choices(form));
    let name_error = Signal::derive(move || {
        (form.is_name_checked.get() && form.name.with(|name| name.trim().is_empty()))
            .then(text::problems_field_missing)
    });
    let name = view! {
        <TextInput
            label=text::connections_name
            value=form.name
            help=text::connections_name_help
            error=name_error
            required=true
        />
    };
    let how = (!form.is_sample).then(|| reach_fields(form, sandbox));
    let is_sample = form.is_sample;
    let sample = is_sample.then(|| view! { <p class="help">{text::connections_is_sample}</p> });
    view! {
        {vendors}
        {name}
        {sample}
        {how}
        {move || vendor_fields(form)}
    }
    .into_any()
}

fn vendor_choices(form: ConnectionForm) -> AnyView {
    let one = |vendor: Vendor| Choice {
        value: vendor,
        name: Signal::stored(vendor.name().to_owned()),
        help: Signal::derive(move || words::of_vendor(vendor, "help")),
        mark: Some(vendor_mark(vendor.slug(), false)),
        is_off: false,
    };
    let fill = move |()| form.change_vendor();
    form.base_url.set(untrack(|| proposed_url(form)));
    view! {
        <Choices
            legend=text::connections_vendor
            value=form.vendor
            choices=Vendor::ALL.into_iter().map(one).collect()
            on_change=fill
        />
    }
    .into_any()
}

fn reach_fields(form: ConnectionForm, sandbox: Signal<Option<String>>) -> AnyView {
    let mut segments = vec![Segment::new(ConnectionKind::Relay, text::connections_relay)];
    if form.session.has(Feature::DirectConnections) {
        segments.push(Segment::new(ConnectionKind::Direct, text::connections_direct));
    }
    let help = move || {
        if form.is_relay() { text::connections_relay_help() } else { text::connections_direct_help() }
    };
    let error = Signal::derive(move || form.is_checked.get().then(|| form.address_problem()).flatten());
    let has_app_id = move || !form.is_relay() && vendors::profile(form.vendor()).has_app_id();
    let is_due = Memo::new(move |_| form.power_due());
    let power = move || is_due.get().then(|| power_notice(untrack(|| form.vendor())));
    let keys = move || {
        (!form.is_relay()).then(|| {
            let needs_vault = Signal::derive(move || form.needs_vault());
            view! {
                <div>
                    {key_fields(form.keys)}<div class="key-power" role="status">
                        {power}
                    </div>
                </div>
                {key_storage_fields(form.storage, needs_vault)}
            }
        })
    };
    let quick = move || {
        sandbox.get().map(|address| {
            let switch = move || form.switch_sandbox(&address);
            view! {
                <div class="cluster">
                    <Button
                        label=text::connections_use_sandbox
                        small=true
                        icon="flask-conical"
                        pressed=form.is_sandbox
                        on_press=switch
                    />
                    <span class="help">{text::connections_use_sandbox_help}</span>
                </div>
            }
        })
    };
    view! {
        <div class="stack-2">
            <Segments legend=text::connections_reach value=form.kind segments=segments />
            <p class="help">{help}</p>
            {quick}
        </div>
        <Show when=has_app_id>{app_fields(form)}</Show>
        <TextInput
            label=text::connections_base_url
            value=form.base_url
            mono=true
            help=text::connections_base_url_help
            error=error
            required=true
        />
        {meant_hint(form)}
        {keys}
    }
    .into_any()
}

/// The address probably meant, with a button that applies it.
fn meant_hint(form: ConnectionForm) -> AnyView {
    let meant = Memo::new(move |_| form.meant());
    let view = move || {
        let (url, why) = meant.get()?;
        let typed = untrack(|| form.parsed_url()).ok()?;
        // Once the form was submitted, a certain mistake is already reported beside the field.
        let is_said = why.is_certain() && form.is_checked.get();
        let words = (!is_said).then(|| meant_words(untrack(|| form.vendor()), &typed, &url, why));
        let label = text::connections_meant_use(url.as_str());
        let take = move || form.base_url.set(url.as_str().to_owned());
        Some(view! {
            <div class="cluster">
                {words.map(|words| view! { <span class="help">{words}</span> })}
                <Button label=Signal::stored(label) small=true on_press=take />
            </div>
        })
    };
    view! { {view} }.into_any()
}

fn proposed_url(form: ConnectionForm) -> String {
    vendors::profile(form.vendor()).base_url(&form.app_id.get(), &form.region.get())
}

/// App id and region, from which the address is derived.
fn app_fields(form: ConnectionForm) -> AnyView {
    let regions = untrack(|| vendors::profile(form.vendor()).regions);
    let options: Vec<_> = regions.iter().map(|region| SelectOption::data(*region, *region)).collect();
    effect_after(move |before: Option<String>| {
        let url = proposed_url(form);
        if before.is_some_and(|before| before != url) {
            form.base_url.set(url.clone());
        }
        url
    });
    view! {
        <div class="form-grid">
            <TextInput
                label=text::connections_app_id
                value=form.app_id
                mono=true
                optional=true
                help=text::connections_app_id_help
            />
            <Select label=text::connections_region value=form.region options=Signal::stored(options) />
        </div>
    }
    .into_any()
}

fn vendor_fields(form: ConnectionForm) -> AnyView {
    let vendor = form.vendor();
    let capabilities = vendors::capabilities(vendor);
    let acting = capabilities.groups.is_some_and(|groups| groups.has_acting_person).then(|| {
        let error = Signal::derive(move || form.is_checked.get().then(|| form.acting_problem()).flatten());
        view! {
            <TextInput
                label=text::connections_acting_as
                value=form.acting_as
                mono=true
                optional=true
                help=text::connections_acting_help
                error=error
            />
        }
    });
    let profile = vendors::profile(vendor);
    let small = profile.has_small_plan.then(|| {
        view! {
            <Checkbox
                label=text::connections_small_plan
                checked=form.is_small_plan
                help=text::connections_small_plan_help
            />
        }
    });
    let pace = profile.pace_range.is_some().then(|| {
        let error = Signal::derive(move || form.is_checked.get().then(|| form.parsed_pace().err()).flatten());
        let usual = vendors::limits(vendor, false).windows.iter().map(|window| window.max).max().unwrap_or(0);
        let help = move || {
            let usual = format_number(f64::from(usual));
            text::connections_pace_help(text::ConnectionsPaceHelp { usual: &usual, vendor: vendor.name() })
        };
        view! {
            <TextInput
                label=text::connections_pace
                value=form.pace
                optional=true
                help=Signal::derive(help)
                error=error
            />
        }
    });
    let known = capabilities.groups.is_some_and(|groups| !groups.can_list).then(|| {
        view! {
            <TextArea
                label=text::connections_communities
                value=form.communities
                optional=true
                rows=3
                help=text::connections_communities_help
            />
            <TextArea
                label=text::connections_groups
                value=form.groups
                optional=true
                rows=3
                help=text::connections_groups_help
            />
        }
    });
    view! {
        {acting}
        {small}
        {pace}
        {known}
    }
    .into_any()
}
