//! What `cargo ssot` shares with the library: the ledger, the records of a run, and the markers that name the tests of a program.
//! The command pins the library's version; nothing here is stable.

pub use crate::fail_first::{
    Change, Class, Covers, Declared, Entry, FailFirst, Fingerprint, Green, JudgedTest, Judgement, Ledger,
    LedgerError, Mode, OnRecord, Outcome, Record, Red, RunLocation, Seen, State, Target, find_markers, head,
    judge, kind, read_records, surface,
};
