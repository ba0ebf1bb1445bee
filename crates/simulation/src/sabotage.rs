//! An environment that is broken on purpose, to see that the checks notice. The driver is the real one: what is
//! broken is what it is told, or how its actions are executed.

/// One way to break what is around the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// A call whose answer is lost is said never to have left.
    ResendLost,
    /// What is about to be sent is written only with the answer.
    WriteLate,
    /// A page that opens a run after a crash is told that it began it itself.
    ForgetTakeOver,
    /// A server's failure is told as a refusal.
    FailureIsRefusal,
    /// A lost answer is told as a good one.
    LostIsDone,
    /// Calls under way are not written into the budget.
    ForgetUnderWay,
    /// A page that opens does not know what the one before it sent.
    ForgetBudget,
    /// Every tab gets the lock that it asks for.
    IgnoreLock,
    /// An unreadable record is not counted.
    IgnoreDamage,
    /// The journal leaves records out when it is read.
    MissRecord,
    /// What could not be written is said to be written.
    SendUnwritten,
    /// What must survive a loss of power is written as what need not.
    WriteRelaxed,
}

impl Sabotage {
    /// Every one, with its name on the command line.
    pub const ALL: [(&'static str, Sabotage); 12] = [
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
    ];
}
