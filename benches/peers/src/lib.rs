//! Runs this crate and its peers on the same shapes, each in a process of its own, one after another, and says what each
//! of them found and how soon.

pub mod compare;
pub mod csv;
pub mod date;
pub mod drivers;
pub mod limits;
pub mod machine;
pub mod measured;
pub mod options;
pub mod peers;
pub mod report;
pub mod table;
