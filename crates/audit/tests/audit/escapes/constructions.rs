//! Ways to build a type past its factory.

use ssot_audit::Rule;

use super::base::broken;

/// Each with its name.
const CONSTRUCTIONS: [(&str, &str); 31] = [
    (
        "new",
        "use crate::engine::UserEngine; pub fn f() { UserEngine::new(1); }",
    ),
    (
        "literal",
        "use crate::engine::UserEngine; pub fn f() -> UserEngine { UserEngine { id: 1 } }",
    ),
    (
        "literal behind a condition",
        "use crate::engine::UserEngine; pub fn f(x: bool) -> UserEngine { if x { UserEngine { id: 1 } } else { panic!() } }",
    ),
    (
        "literal in a match arm",
        "use crate::engine::UserEngine; pub fn f(x: u8) -> UserEngine { match x { 0 => UserEngine { id: 1 }, _ => panic!() } }",
    ),
    (
        "literal in parentheses of a condition",
        "use crate::engine::UserEngine; pub fn f() -> bool { if (UserEngine { id: 1 }).id == 1 { true } else { false } }",
    ),
    (
        "use as",
        "use crate::engine::UserEngine as E; pub fn f() { E::new(1); }",
    ),
    (
        "type alias",
        "type E = crate::engine::UserEngine; pub fn f() { E::new(1); }",
    ),
    (
        "literal of an alias",
        "type E = crate::engine::UserEngine; pub fn f() -> E { E { id: 1 } }",
    ),
    (
        "alias of an alias",
        "type D = crate::engine::UserEngine; type E = D; pub fn f() { E::new(1); }",
    ),
    (
        "function as a value",
        "use crate::engine::UserEngine; pub fn f() -> Vec<UserEngine> { [1].into_iter().map(UserEngine::new).collect() }",
    ),
    (
        "function as a constant",
        "pub const F: fn(u64) -> crate::engine::UserEngine = crate::engine::UserEngine::new;",
    ),
    (
        "qualified",
        "use crate::engine::UserEngine; pub fn f() { <UserEngine>::new(1); }",
    ),
    (
        "qualified with generics",
        "use crate::engine::UserEngine; pub fn f() { <crate::engine::UserEngine>::new(1); }",
    ),
    (
        "by a trait",
        "use crate::engine::{Make, UserEngine}; pub fn f() { <UserEngine as Make>::make(); }",
    ),
    (
        "by a trait's method",
        "use crate::engine::{Make, UserEngine}; pub fn f() { UserEngine::make(); }",
    ),
    (
        "Self in an impl elsewhere",
        "use crate::engine::UserEngine; impl UserEngine { pub fn again() -> Self { Self { id: 2 } } }",
    ),
    (
        "Self::new in an impl elsewhere",
        "use crate::engine::UserEngine; pub trait T { fn t() -> Self; } impl T for UserEngine { fn t() -> Self { Self::new(1) } }",
    ),
    (
        "struct update",
        "use crate::engine::UserEngine; pub fn f(e: &UserEngine) -> UserEngine { UserEngine { ..e.clone() } }",
    ),
    (
        "default of the type",
        "use crate::engine::UserEngine; pub fn f() { UserEngine::default(); }",
    ),
    (
        "in a closure",
        "use crate::engine::UserEngine; pub fn f() { let make = || UserEngine::new(1); make(); }",
    ),
    (
        "in a nested function",
        "pub fn f() { fn inner() { crate::engine::UserEngine::new(1); } inner(); }",
    ),
    (
        "in vec!",
        "use crate::engine::UserEngine; pub fn f() -> Vec<UserEngine> { vec![UserEngine { id: 1 }] }",
    ),
    (
        "in an unknown macro",
        "pub fn f() { foreign!(crate::engine::UserEngine::new(1)); }",
    ),
    (
        "in a static",
        "pub static E: crate::engine::UserEngine = crate::engine::UserEngine { id: 1 };",
    ),
    (
        "boxed",
        "use crate::engine::UserEngine; pub fn f() -> Box<UserEngine> { Box::new(UserEngine::new(1)) }",
    ),
    (
        "under a cfg",
        "#[cfg(windows)] pub fn f() { crate::engine::UserEngine::new(1); }",
    ),
    (
        "in an async block",
        "pub async fn f() { async { crate::engine::UserEngine::new(1) }.await; }",
    ),
    (
        "in an item of cfg_if!",
        "cfg_if::cfg_if! { if #[cfg(windows)] { pub fn f() { crate::engine::UserEngine::new(1); } } else { } }",
    ),
    (
        "in the arm of cfg_if! that is not for tests",
        "cfg_if::cfg_if! { if #[cfg(test)] { } else { pub fn f() { crate::engine::UserEngine::new(1); } } }",
    ),
    (
        "in an arm of cfg_select!",
        "cfg_select! { windows => { pub fn f() { crate::engine::UserEngine::new(1); } } _ => {} }",
    ),
    (
        "behind a statement for tests",
        "pub fn f() { #[cfg(test)] { f(); } crate::engine::UserEngine::new(1); }",
    ),
];

#[test]
fn every_way_to_build_the_type_is_found() {
    let missed: Vec<&str> = CONSTRUCTIONS
        .iter()
        .filter(|(_, bypass)| !broken(bypass).contains(&Rule::Bypass))
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(missed, Vec::<&str>::new());
}
