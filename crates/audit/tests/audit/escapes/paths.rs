//! Ways through a redirect.

use ssot_audit::Rule;

use super::base::broken;

/// Each with its name.
const PATHS: [(&str, &str); 28] = [
    (
        "grouped",
        "use crate::{old::{UserEngine}, engine}; pub fn f(_: UserEngine) {}",
    ),
    ("aliased", "use crate::old::UserEngine as E; pub fn f(_: E) {}"),
    ("glob", "use crate::old::*; pub fn f(_: UserEngine) {}"),
    (
        "in a function",
        "pub fn f() { use crate::old::create; create(); }",
    ),
    (
        "in a block of a function",
        "pub fn f() { if true { use crate::old::create; create(); } }",
    ),
    ("written out", "pub fn f() { crate::old::create(); }"),
    (
        "super",
        "pub mod a { pub fn f() { super::super::old::create(); } }",
    ),
    ("self", "use crate as here; pub fn f() { here::old::create(); }"),
    ("module imported", "use crate::old; pub fn f() { old::create(); }"),
    (
        "module aliased",
        "use crate::old as fine; pub fn f() { fine::create(); }",
    ),
    (
        "module by super",
        "use super::old as fine; pub fn f() { fine::create(); }",
    ),
    ("re-exported", "pub use crate::old::UserEngine;"),
    ("imported and unused", "use crate::old::UserEngine;"),
    ("imported unnamed", "use crate::old::Engine as _;"),
    (
        "under a cfg",
        "#[cfg(windows)] pub fn f() { crate::old::create(); }",
    ),
    (
        "under a cfg of an import",
        "#[cfg(windows)] use crate::old::create; #[cfg(windows)] pub fn f() { create(); }",
    ),
    (
        "in a macro's arguments",
        "pub fn f() { println!(\"{}\", crate::old::create().id); }",
    ),
    (
        "in an unknown macro's arguments",
        "pub fn f() { foreign!(crate::old::create()); }",
    ),
    (
        "in a macro's body",
        "macro_rules! m { () => { $crate::old::create() } } pub fn f() { m!(); }",
    ),
    (
        "in a type",
        "pub struct S { pub engine: Option<crate::old::UserEngine> }",
    ),
    ("in a bound", "pub fn f<T: crate::old::Engine>(_: T) {}"),
    (
        "in an impl's head",
        "pub struct S<T>(T); impl<T: crate::old::Engine> S<T> { pub fn f(&self) {} }",
    ),
    (
        "in a pattern",
        "pub fn f(e: &crate::engine::UserEngine) -> u64 { let crate::old::UserEngine { id } = e; *id }",
    ),
    (
        "in a generic argument",
        "pub fn f() -> usize { Vec::<crate::old::UserEngine>::new().len() }",
    ),
    (
        "in a constant",
        "pub const F: fn() -> crate::engine::UserEngine = crate::old::create;",
    ),
    (
        "in a closure",
        "pub fn f() { let g = |_: u8| crate::old::create(); g(1); }",
    ),
    (
        "in a match arm",
        "pub fn f(x: u8) { match x { 0 => { crate::old::create(); } _ => {} } }",
    ),
    ("raw identifier", "pub fn f() { crate::r#old::create(); }"),
];

#[test]
fn every_path_through_a_redirect_is_found() {
    let missed: Vec<&str> = PATHS
        .iter()
        .filter(|(_, bypass)| !broken(bypass).contains(&Rule::Bypass))
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(missed, Vec::<&str>::new());
}
