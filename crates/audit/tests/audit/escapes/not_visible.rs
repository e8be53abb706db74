//! What is not caught, and documented.

use ssot_audit::Rule;

use super::base::broken;

/// What no syntax shows. Each is in `--explain`; a change here is a change there.
#[test]
fn what_is_not_visible_is_documented() {
    let ways = [
        (
            "inferred constructor",
            "use crate::engine::{Make, UserEngine}; pub fn f() -> UserEngine { Make::make() }",
        ),
        (
            "generic constructor",
            "use crate::engine::Make; pub fn f<T: Make>() -> T { T::make() }",
        ),
        (
            "inferred default",
            "use crate::engine::UserEngine; pub fn f() -> UserEngine { Default::default() }",
        ),
        (
            "clone",
            "use crate::engine::UserEngine; pub fn f(e: &UserEngine) -> UserEngine { e.clone() }",
        ),
        (
            "user of a shim",
            "pub mod shim { pub use crate::engine::create; } pub fn f() { shim::create(); }",
        ),
        (
            "boxed delegate",
            "impl<T: crate::engine::Engine + ?Sized> crate::engine::Engine for Box<T> { fn run(&self) {} }",
        ),
        (
            "delegate of a shared pointer",
            "impl crate::engine::Engine for std::sync::Arc<crate::engine::UserEngine> { fn run(&self) {} }",
        ),
        (
            "delegate of a trait object",
            "impl crate::engine::Engine for Box<dyn crate::engine::Engine> { fn run(&self) {} }",
        ),
        (
            "delegate of a tuple",
            "impl<A, B> crate::engine::Engine for (A, B) { fn run(&self) {} }",
        ),
    ];
    let caught: Vec<&str> = ways
        .iter()
        .filter(|(_, bypass)| !broken(bypass).is_empty())
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(caught, Vec::<&str>::new());
    for rule in [Rule::Bypass, Rule::SecondImplementation] {
        assert!(ssot_audit::explain(rule).contains("Not seen:"));
    }
}
