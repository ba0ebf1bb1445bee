//! Deliberately broken environments that the checks must detect. The driver is the real one; its events or
//! the execution of its actions are broken.

/// A way to break the environment of the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// A call with a lost response is reported as never sent.
    ResendLost,
    /// The records of a turn that sends are persisted only with the next turn that does not.
    WriteLate,
    /// A page that opens a run after a crash treats it as newly started.
    ForgetTakeOver,
    /// A server failure is reported as a refusal.
    FailureIsRefusal,
    /// A lost response is reported as a success.
    LostIsDone,
    /// Calls in flight are not persisted in the budget.
    ForgetUnderWay,
    /// A reopened page does not know the budget of the previous one.
    ForgetBudget,
    /// Every tab gets the lock that it requests.
    IgnoreLock,
    /// An unreadable record is not counted.
    IgnoreDamage,
    /// Records are missing when the journal is read.
    MissRecord,
    /// A failed write is reported as successful.
    SendUnwritten,
    /// Strict transactions are written as relaxed ones.
    WriteRelaxed,
    /// An approved plan or an undo is run as any other, so that nothing is read again before it is sent.
    ForgetApproval,
}

impl Sabotage {
    /// All sabotages, with their names on the command line.
    pub const ALL: [(&'static str, Sabotage); 13] = [
        ("resend-lost", Sabotage::ResendLost),
        ("write-late", Sabotage::WriteLate),
        ("forget-take-over", Sabotage::ForgetTakeOver),
        ("failure-is-refusal", Sabotage::FailureIsRefusal),
        ("lost-is-done", Sabotage::LostIsDone),
        ("forget-under-way", Sabotage::ForgetUnderWay),
        ("forget-budget", Sabotage::ForgetBudget),
        ("ignore-lock", Sabotage::IgnoreLock),
        ("ignore-damage", Sabotage::IgnoreDamage),
        ("miss-record", Sabotage::MissRecord),
        ("send-unwritten", Sabotage::SendUnwritten),
        ("write-relaxed", Sabotage::WriteRelaxed),
        ("forget-approval", Sabotage::ForgetApproval),
    ];
}
