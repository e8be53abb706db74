//! Ways to implement a role once more.

use ssot_audit::Rule;

use super::base::broken;

/// Each with its name.
const IMPLEMENTATIONS: [(&str, &str); 12] = [
    (
        "plain",
        "pub struct L; impl crate::engine::Engine for L { fn run(&self) {} }",
    ),
    (
        "by an alias of the trait",
        "use crate::engine::Engine as E; pub struct L; impl E for L { fn run(&self) {} }",
    ),
    (
        "by an alias of the type",
        "pub struct L; type M = L; impl crate::engine::Engine for M { fn run(&self) {} }",
    ),
    (
        "in a function",
        "pub fn f() { struct L; impl crate::engine::Engine for L { fn run(&self) {} } }",
    ),
    (
        "generic type",
        "pub struct L<T>(T); impl<T> crate::engine::Engine for L<T> { fn run(&self) {} }",
    ),
    (
        "by the redirect",
        "pub struct L; impl crate::old::Engine for L { fn run(&self) {} }",
    ),
    (
        "by a glob",
        "use crate::engine::*; pub struct L; impl Engine for L { fn run(&self) {} }",
    ),
    (
        "for an enum",
        "pub enum L { A } impl crate::engine::Engine for L { fn run(&self) {} }",
    ),
    (
        "under a cfg",
        "pub struct L; #[cfg(windows)] impl crate::engine::Engine for L { fn run(&self) {} }",
    ),
    (
        "in a macro's items",
        "foreign! { pub struct L; impl crate::engine::Engine for L { fn run(&self) {} } }",
    ),
    (
        "unsafe",
        "pub struct L; unsafe impl crate::engine::Engine for L { fn run(&self) {} }",
    ),
    (
        "of a name that a macro makes",
        "id!(L); impl crate::engine::Engine for L { fn run(&self) {} }",
    ),
];

#[test]
fn every_second_implementation_is_found() {
    let missed: Vec<&str> = IMPLEMENTATIONS
        .iter()
        .filter(|(_, bypass)| !broken(bypass).contains(&Rule::SecondImplementation))
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(missed, Vec::<&str>::new());
}
