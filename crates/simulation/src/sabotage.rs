//! A driver that is broken on purpose, to see that the checks notice.

/// One way to break the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// A call whose answer is lost is taken for one that never left.
    ResendLost,
    /// What is about to be sent is written down only with the answer.
    WriteLate,
    /// After a crash nothing is doubted.
    ForgetTakeOver,
    /// A server's failure is taken for a refusal.
    FailureIsRefusal,
    /// A lost answer is taken for a good one.
    LostIsDone,
    /// Calls under way are not counted by anybody else.
    ForgetUnderWay,
    /// A page that opens does not know what the one before it sent.
    ForgetBudget,
    /// A second tab drives without waiting for the lock.
    IgnoreLock,
    /// An unreadable record is passed over as if it had never been.
    IgnoreDamage,
    /// A follower misses a record.
    MissRecord,
    /// What could not be written is sent all the same.
    SendUnwritten,
}

impl Sabotage {
    /// Every one, with its name on the command line.
    pub const ALL: [(&'static str, Sabotage); 11] = [
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
    ];
}
