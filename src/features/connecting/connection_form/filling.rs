//! What fills the fields: another vendor, the sandbox, and what was typed for either.

use domain::{ConnectionKind, Vendor};
use leptos::prelude::*;

use super::{ConnectionForm, first_region, origin_of};
use crate::features::connecting::key_fields::TypedKeys;
use crate::state::session::SANDBOX_KEY;
use i18n::text;

/// Field values of one vendor, kept for restoring: without the key, and without the name, which is
/// independent of the vendor.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    base_url: String,
    app_id: String,
    region: String,
    acting_as: String,
    is_small_plan: bool,
    pace: String,
    communities: String,
    groups: String,
    is_power_known: bool,
}

/// Field values of one destination, including the key; restored only for the same vendor and destination.
#[derive(Clone, Debug)]
pub(super) struct Aside {
    pub(super) typed: Typed,
    pub(super) name: String,
    pub(super) kind: ConnectionKind,
    pub(super) keys: TypedKeys,
    pub(super) keys_for: Option<Box<str>>,
}

impl Typed {
    /// The initial field values for a vendor.
    fn fresh(vendor: Vendor) -> Self {
        Self {
            base_url: vendors::profile(vendor).base_url("", first_region(vendor)),
            app_id: String::new(),
            region: first_region(vendor).to_owned(),
            acting_as: String::new(),
            is_small_plan: false,
            pace: String::new(),
            communities: String::new(),
            groups: String::new(),
            is_power_known: false,
        }
    }
}

impl ConnectionForm {
    /// Removes the name and the key that the sandbox button filled in, if unchanged.
    pub(super) fn drop_sandbox_fillings(self, own: Option<Aside>) {
        let filled_in = text::connections_sandbox_name(untrack(|| self.vendor()).name());
        if self.name.with_untracked(|name| *name == filled_in) {
            self.name.set(own.map(|own| own.name).unwrap_or_default());
        }
        if self.keys.is_filled_with(SANDBOX_KEY) {
            self.keys.clear();
        }
    }

    /// Switches to the sandbox server or back. Each side keeps what was typed there.
    pub fn switch_sandbox(self, address: &str) {
        let other = self.aside.try_update_value(Option::take).flatten();
        self.aside.set_value(Some(self.put_aside()));
        let is_sandbox = !self.is_sandbox.get_untracked();
        self.is_sandbox.set(is_sandbox);
        match other {
            Some(other) => self.take_up(other),
            None => self.fill_in_sandbox(address),
        }
    }

    fn fill_in_sandbox(self, address: &str) {
        let vendor = untrack(|| self.vendor());
        self.kind.set(ConnectionKind::Direct);
        self.base_url.set([address, &vendors::profile(vendor).sandbox_path()].concat());
        self.is_put.set_value(true);
        self.keys.fill(SANDBOX_KEY);
        self.keys_for.set(origin_of(address));
        if self.name.with_untracked(|name| name.trim().is_empty()) {
            self.name.set(text::connections_sandbox_name(vendor.name()));
        }
    }

    /// Fills in the form for the chosen vendor. Drops the key, which belongs to one vendor, and what the
    /// sandbox button filled in; everything else typed is restored with its vendor.
    pub(super) fn change_vendor(self) {
        let (from, to) = (self.filled_for.get_value(), untrack(|| self.vendor()));
        if from == to {
            return;
        }
        let other = self.aside.try_update_value(Option::take).flatten();
        if self.is_sandbox.get_untracked() {
            self.is_sandbox.set(false);
            let filled_in = text::connections_sandbox_name(from.name());
            let name = self.name.get_untracked();
            if let Some(own) = other {
                self.take_up(own);
            }
            if name != filled_in {
                self.name.set(name);
            }
        }
        self.is_put.set_value(true);
        self.keys.reset();
        self.keys_for.set(None);
        self.is_checked.set(false);
        self.is_name_checked.set(false);
        let typed = self.typed();
        let before = self.others.try_update_value(|others| {
            others.insert(from.slug(), typed);
            others.remove(to.slug())
        });
        self.fill(before.flatten().unwrap_or_else(|| Typed::fresh(to)));
        self.filled_for.set_value(to);
    }

    fn typed(self) -> Typed {
        Typed {
            base_url: self.base_url.get_untracked(),
            app_id: self.app_id.get_untracked(),
            region: self.region.get_untracked(),
            acting_as: self.acting_as.get_untracked(),
            is_small_plan: self.is_small_plan.get_untracked(),
            pace: self.pace.get_untracked(),
            communities: self.communities.get_untracked(),
            groups: self.groups.get_untracked(),
            is_power_known: self.is_power_known.get_untracked(),
        }
    }

    fn fill(self, typed: Typed) {
        self.app_id.set(typed.app_id);
        self.region.set(typed.region);
        self.acting_as.set(typed.acting_as);
        self.is_small_plan.set(typed.is_small_plan);
        self.pace.set(typed.pace);
        self.communities.set(typed.communities);
        self.groups.set(typed.groups);
        self.is_power_known.set(typed.is_power_known);
        self.base_url.set(typed.base_url);
    }

    fn put_aside(self) -> Aside {
        Aside {
            typed: self.typed(),
            name: self.name.get_untracked(),
            kind: self.kind.get_untracked(),
            keys: self.keys.typed(),
            keys_for: self.keys_for.get_untracked(),
        }
    }

    fn take_up(self, aside: Aside) {
        self.fill(aside.typed);
        self.name.set(aside.name);
        self.kind.set(aside.kind);
        self.is_put.set_value(true);
        self.keys.restore(&aside.keys);
        self.keys_for.set(aside.keys_for);
    }
}
