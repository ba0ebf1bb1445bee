//! Whether and how changes can be undone, in words.

use domain::{GroupField, Irreversible, Loss, Vendor};

use i18n::{format_list, text};

/// What undoing a change restores: everything, or all but what is lost.
pub fn undone(lost: &[Loss]) -> String {
    if lost.is_empty() {
        return text::undo_exactly();
    }
    let lost: Vec<String> = lost.iter().map(|one| loss(*one)).collect();
    text::undo_all_but(&format_list(&lost))
}

/// A part of the previous state that is lost.
pub fn loss(loss: Loss) -> String {
    match loss {
        Loss::JoinedAt => text::undo_loss_joined(),
        Loss::Scope => text::undo_loss_scope(),
        Loss::Membership => text::undo_loss_membership(),
        Loss::Ban => text::undo_loss_ban(),
        Loss::BanDetails => text::undo_loss_ban_details(),
        Loss::GroupContents => text::undo_loss_contents(),
        Loss::Field(one) => text::undo_loss_field(&field(one)),
    }
}

/// A change that cannot be undone, with the reason.
pub fn irreversible(why: Irreversible, vendor: Vendor) -> String {
    text::undo_never(&why_irreversible(why, vendor))
}

/// Why a change cannot be undone.
pub fn why_irreversible(why: Irreversible, vendor: Vendor) -> String {
    match why {
        Irreversible::MessageSent => text::undo_why_message(),
        Irreversible::Approved => text::undo_why_approved(),
        Irreversible::Deleted => text::undo_why_deleted(),
        Irreversible::NoCall => text::undo_why_no_call(vendor.name()),
        Irreversible::StateUnknown => text::undo_why_unknown(),
    }
}

/// A field of a group, as in its form.
pub fn field(field: GroupField) -> String {
    match field {
        GroupField::Name => text::groups_name(),
        GroupField::Description => text::groups_description(),
        GroupField::Tags => text::groups_tags(),
        GroupField::Access => text::groups_access(),
        GroupField::Owner => text::groups_owner(),
        GroupField::Discoverable => text::groups_discoverable(),
        GroupField::Picture => text::groups_picture(),
        GroupField::Topics => text::groups_topics(),
        GroupField::Metadata => text::groups_metadata(),
    }
}
