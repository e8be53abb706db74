//! What looks like a way around, and is none.

use super::base::report;

#[test]
fn what_is_no_bypass_is_not_reported() {
    let fine = [
        (
            "by the factory",
            "pub fn f() { crate::engine::factory::create().start(); }",
        ),
        (
            "in a type",
            "pub fn f(e: crate::engine::UserEngine) -> crate::engine::UserEngine { e }",
        ),
        (
            "in a pattern",
            "use crate::engine::UserEngine; pub fn f(e: UserEngine) -> u64 { match e { UserEngine { id } => id } }",
        ),
        (
            "in a let pattern",
            "use crate::engine::UserEngine; pub fn f(e: UserEngine) -> u64 { let UserEngine { id } = e; id }",
        ),
        (
            "in an if let",
            "use crate::engine::UserEngine; pub fn f(e: UserEngine) -> u64 { if let UserEngine { id: 1 } = e { 1 } else { 2 } }",
        ),
        (
            "a match on a constant",
            "use crate::engine::UserEngine; pub static E: Option<UserEngine> = None; \
             pub fn f() { match E { Some(UserEngine { .. }) => {} None => {} } }",
        ),
        (
            "in matches!",
            "use crate::engine::UserEngine; pub fn f(e: UserEngine) -> bool { matches!(e, UserEngine { id: 1 }) }",
        ),
        (
            "in a closure's parameter",
            "use crate::engine::UserEngine; pub fn f() { let g = |UserEngine { id }: UserEngine| id; drop(g); }",
        ),
        (
            "a method",
            "use crate::engine::UserEngine; pub fn f(e: &UserEngine) { UserEngine::start(e); }",
        ),
        (
            "in a test",
            "#[cfg(test)] mod tests { #[test] fn f() { crate::engine::UserEngine::new(1); crate::old::create(); } }",
        ),
        (
            "in an arm of cfg_if! for tests",
            "cfg_if::cfg_if! { if #[cfg(test)] { pub fn f() { crate::engine::UserEngine::new(1); } } else { } }",
        ),
        (
            "in an arm of cfg_if! in a function, for tests",
            "pub fn f() { cfg_if::cfg_if! { if #[cfg(test)] { crate::engine::UserEngine::new(1); } } }",
        ),
        (
            "in a statement for tests",
            "pub fn f() { #[cfg(test)] crate::engine::UserEngine::new(1); }",
        ),
        (
            "another of the name",
            "pub struct UserEngine { pub id: u64 } pub fn f() -> UserEngine { UserEngine { id: 1 } }",
        ),
        (
            "in a comment",
            "// crate::old::create()\n/* UserEngine { id: 1 } */ pub fn f() {}",
        ),
        (
            "in a text",
            "pub fn f() -> &'static str { \"crate::old::create()\" }",
        ),
        (
            "a local variable",
            "pub fn f(old: Vec<u8>) -> usize { old.len() }",
        ),
        (
            "a mock in a test module",
            "pub mod testing { pub struct M; impl crate::engine::Engine for M { fn run(&self) {} } }",
        ),
    ];
    for (name, bypass) in fine {
        let report = report(bypass);
        assert!(!report.fails(), "{name}:\n{}", report.text());
    }
}
