//! Unique names.

use ssot_audit::{Confidence, Rule};

use super::found::places;
use crate::workspaces::Written;

#[test]
fn a_name_is_unique_but_for_exceptions_aliases_tests_and_alternatives() {
    let written = Written::app(
        "//- src/lib.rs
pub mod a { pub struct Engine { pub id: u64 } impl Engine { pub fn run(&self) {} pub fn stop(&self) {} } }
pub mod b { pub struct Engine { pub id: u64 } impl Engine { pub fn run(&self) {} pub fn stop(&self) {} } }
pub mod c { pub use crate::a::Engine; pub type EngineAlias = Engine; }
pub mod ffi { pub struct Engine; }
pub mod os { #[cfg(unix)] pub struct RealEngine; #[cfg(windows)] pub struct RealEngine; }
#[cfg(test)] mod tests { pub struct Engine; }
pub fn f() { struct Engine; }
",
    );
    let report = written
        .audit()
        .unique("*Engine")
        .except("app::ffi::*", "FFI mirror")
        .run()
        .expect("it runs");
    let expected = (
        Rule::DuplicateDefinition,
        Confidence::Exact,
        "app::b::Engine",
        "Engine",
    );
    assert_eq!(places(&report), [expected]);
    assert_eq!(report.findings[0].notes, ["both have identical bodies"]);
    let within = written.audit().unique("*Engine").within("app::c").run();
    assert!(within.is_err(), "nothing there is called so");
}

#[test]
fn what_two_definitions_have_in_common_is_said_when_it_is_true() {
    let written = Written::app(
        "//- src/lib.rs
pub mod a { pub struct E { pub id: u64, pub n: u8 } impl E { pub fn run(&self) {} pub fn stop(&self) {} } }
pub mod b { pub struct E { pub n: u8, pub id: u64 } impl E { pub fn run(&self) {} pub fn stop(&self) {} pub fn x(&self) {} } }
pub mod c { pub struct F { pub x: u8 } }
pub mod d { pub struct F { pub y: u8 } }
",
    );
    let report = written.audit().unique("E").and("F").run().expect("it runs");
    let notes: Vec<_> = report.findings.iter().map(|found| found.notes.clone()).collect();
    assert_eq!(
        notes,
        [
            vec!["both have: same fields, 2 of 3 methods the same".to_owned()],
            vec![]
        ]
    );
}
