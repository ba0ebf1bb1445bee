//! The switches of Networked's emulator: what the documents leave open.

/// How Networked behaves where its documents leave a choice.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Answers a refused Networked call with 200 and `error: true`.
    pub error_true_with_200: bool,
    /// Lets a repeated Networked add succeed.
    pub repeated_add_succeeds: bool,
    /// Returns `failure[].error` of Networked invites as an object.
    pub failure_as_object: bool,
    /// The shape of Networked's plan list.
    pub plans: PlansForm,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            error_true_with_200: false,
            repeated_add_succeeds: false,
            failure_as_object: false,
            plans: PlansForm::Array,
        }
    }
}

/// The shape of Networked's plan list, which the vendor does not document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlansForm {
    /// `data` is an array of rows with `_id` and `name`.
    Array,
    /// `data` is an object around an array of rows with `planId` and `title`.
    Wrapped,
    /// `data` has no recognizable plans.
    NotUnderstood,
}
