//! What names mean, and what the statistics say of those that mean nothing the audit knows.

use ssot_audit::{Report, Statistics};

use crate::workspaces::{Written, manifest};

fn superseded(written: &Written, item: &str) -> Report {
    written.audit().superseded(item).run().expect("it runs")
}

/// The places that use an item of a workspace with these files.
fn uses(files: &str, item: &str) -> Vec<String> {
    let report = superseded(&Written::app(files), item);
    assert_eq!(report.statistics.unread, Vec::<String>::new());
    report.failing().map(|finding| finding.place.clone()).collect()
}

fn statistics(lib: &str) -> Statistics {
    let written = Written::app(&format!("//- src/lib.rs\npub struct Old;\n{lib}"));
    superseded(&written, "app::Old").statistics
}

#[test]
fn a_module_sees_no_names_of_the_module_around_it() {
    let files = "//- src/lib.rs
pub struct Vec;
pub fn f(_: Vec) {}
pub mod inner { pub fn g(_: Vec) {} pub fn h(_: super::Vec) {} pub fn i() { fn j(_: Vec) {} } }
";
    assert_eq!(uses(files, "app::Vec"), ["app::f", "app::inner::h"]);
}

#[test]
fn a_block_sees_the_names_of_the_blocks_and_of_the_module_around_it() {
    let files = "//- src/lib.rs
pub mod old { pub struct Old; }
pub fn f() { use old::Old as E; { { fn g(_: E) {} } } }
";
    assert_eq!(uses(files, "app::old::Old"), ["app::f::g"]);
}

#[test]
fn an_own_item_comes_before_that_of_a_trait() {
    let files = "//- src/lib.rs
pub struct S;
pub trait First { fn make(); } impl First for S { fn make() {} }
impl S { pub fn make() {} }
pub trait Second { fn make(); } impl Second for S { fn make() {} }
pub fn f() { S::make(); }
pub fn g() { <S as First>::make(); }
";
    assert_eq!(uses(files, "app::S::make"), ["app::f", "app::g"]);
}

#[test]
fn a_call_is_of_the_own_function_whatever_stands_first() {
    let written = Written::app(
        "//- src/lib.rs
pub mod engine { pub struct S; }
pub mod factory { pub fn make() -> crate::engine::S { crate::engine::S } }
pub mod first { pub trait First { fn make() -> u8; } impl First for crate::engine::S { fn make() -> u8 { 1 } } }
pub mod own { use crate::engine::S; impl S { pub fn make() -> Option<Self> { None } } }
pub mod last { pub trait Last { fn make() -> u8; } impl Last for crate::engine::S { fn make() -> u8 { 1 } } }
pub mod user { pub fn f() { crate::engine::S::make(); } }
",
    );
    let role = written.audit().role("engine").of_type("app::engine::S");
    let report = role.built_in("app::factory").run().expect("it runs");
    let places: Vec<&str> = report.failing().map(|finding| &*finding.place).collect();
    assert_eq!(places, ["app::user::f"]);
}

#[test]
fn names_that_lead_nowhere_are_counted_by_the_reason() {
    let counted = |lib: &str| {
        let statistics = statistics(lib);
        (statistics.resolved, statistics.macro_made, statistics.unresolved)
    };
    assert_eq!(counted("pub fn f(_: Missing) {}"), (0, 0, 1));
    assert_eq!(counted("use std::fmt::*; pub fn f(_: Missing) {}"), (1, 0, 0));
    assert_eq!(counted("opaque!(some tokens); pub fn f(_: Missing) {}").1, 1);
    assert_eq!(counted("opaque!(Made); pub fn f(_: Made) {}").1, 1);
    assert_eq!(
        counted("mod a { opaque!(some tokens); } use a::*; pub fn f(_: Missing) {}").1,
        1
    );
    assert_eq!(counted("mod gone; pub fn f(_: gone::Missing) {}"), (0, 1, 0));
    assert_eq!(
        counted("use missing::Missing; pub fn f(_: Missing) {}"),
        (1, 0, 0)
    );
    assert_eq!(counted("mod a {} pub fn f(_: a::Missing) {}"), (0, 0, 1));
    // A local variable is none of them, a call is.
    assert_eq!(counted("pub fn f() { let a = b; }"), (0, 0, 0));
    assert_eq!(counted("pub fn f() { b(); }"), (0, 0, 1));
    // Tokens of a macro need not be paths.
    let in_macro = statistics("pub fn f() { unknown!(b(), crate::Old, crate::gone()); }");
    assert_eq!(
        (in_macro.unresolved, in_macro.in_macros, in_macro.resolved),
        (0, 3, 1)
    );
    assert_eq!(in_macro.paths, 1);
}

#[test]
fn imports_that_lead_nowhere_are_counted() {
    assert_eq!(
        statistics("use missing::Missing; use crate::Old as _; use std::fmt;").imports,
        3
    );
    assert_eq!(
        statistics("use missing::Missing; use crate::Old as _; use std::fmt;").unresolved_imports,
        1
    );
    assert_eq!(
        statistics("pub mod a { pub use super::b::B; } pub mod b { pub use super::a::B; }")
            .unresolved_imports,
        2
    );
}

#[test]
fn a_program_has_a_name_of_its_own_where_the_library_has_the_same() {
    let toml = manifest(
        "app",
        "[[bin]]\nname = \"app\"\npath = \"src/main.rs\"\n[[bin]]\nname = \"tool\"\npath = \"src/tool.rs\"",
    );
    let written = Written::of(&format!(
        "//- Cargo.toml\n{toml}\n//- src/lib.rs\npub fn old() {{}}\n//- src/main.rs\nfn main() {{ app::old(); }}\n\
         //- src/tool.rs\nfn main() {{ app::old(); }}\n//- build.rs\nfn main() {{}}\n//- tests/t.rs\n#[test] fn t() {{ app::old(); }}\n\
         //- examples/e.rs\nfn main() {{ app::old(); }}\n"
    ));
    let report = written
        .audit()
        .superseded("app::old")
        .in_tests()
        .run()
        .expect("it runs");
    let mut places: Vec<&str> = report.failing().map(|finding| &*finding.place).collect();
    places.sort_unstable();
    assert_eq!(
        places,
        [
            "app{bin app}::main",
            "app{example e}::main",
            "app{test t}::t",
            "tool::main"
        ]
    );
    assert_eq!(report.statistics.targets, 6);
}

#[test]
fn re_exports_and_globs_are_followed_until_they_end() {
    let files = "//- src/lib.rs
pub mod a { pub struct Old; }
pub mod b { pub use super::a::*; }
pub mod c { pub use super::b::*; pub use super::d::*; }
pub mod d { pub use super::c::*; }
pub mod user { use crate::d::Old; pub fn f(_: Old) {} pub fn g(_: crate::c::Old) {} }
";
    assert_eq!(uses(files, "app::a::Old"), ["app::user::f", "app::user::g"]);
}

#[test]
fn private_names_are_not_seen_from_elsewhere() {
    let files = "//- src/lib.rs
pub mod a { pub struct Old; }
pub mod b { use super::a::Old; pub mod inner { use super::*; pub fn f(_: Old) {} } }
pub mod c { use super::b::*; pub fn g(_: Old) {} }
";
    // The import itself is a finding, for nothing in its own module needs it.
    assert_eq!(uses(files, "app::a::Old"), ["app::b", "app::b::inner::f"]);
}

#[test]
fn an_alias_is_followed_where_an_item_of_its_type_is_named() {
    let files = "//- src/lib.rs
pub enum Old { A }
pub type Alias = Old;
pub type Again = Alias;
pub type Circle = Circle;
pub mod user { use crate::Again; pub fn f() { Again::A; } pub fn g() { crate::Circle::A; } pub use crate::Old::A as Variant; pub fn h() { Variant; } }
";
    assert_eq!(
        uses(files, "app::Old::A"),
        ["app::user::f", "app::user", "app::user::h"]
    );
}

#[test]
fn macros_are_seen_below_their_definition_and_at_the_root_where_they_are_exported() {
    let files = "//- src/lib.rs
macro_rules! local { () => {} }
pub mod a { #[macro_export] macro_rules! exported { () => {} } pub fn f() { exported!(); } }
pub mod b { pub fn f() { crate::exported!(); } pub fn g() { local!(); } }
";
    assert_eq!(uses(files, "app::exported"), ["app::a::f", "app::b::f"]);
    assert_eq!(uses(files, "app::local"), ["app::b::g"]);
}

#[test]
fn an_extern_crate_at_the_root_is_known_in_every_module() {
    let user = manifest("user", "[dependencies]\napp = { path = \"..\" }");
    let root = manifest("app", "[workspace]\nmembers = [\"user\"]");
    let written = Written::of(&format!(
        "//- Cargo.toml\n{root}\n//- src/lib.rs\npub struct Old;\n//- user/Cargo.toml\n{user}\n//- user/src/lib.rs\n\
         extern crate app as other;\nmod inner {{ pub fn f(_: other::Old) {{}} }}"
    ));
    let report = superseded(&written, "app::Old");
    let places: Vec<&str> = report.failing().map(|finding| &*finding.place).collect();
    assert_eq!(places, ["user::inner::f"]);
}

#[test]
fn methods_of_two_impls_count_once_in_what_two_definitions_share() {
    let written = Written::app(
        "//- src/lib.rs
pub trait T { fn run(&self); }
pub mod a { pub struct E; impl E { pub fn run(&self) {} pub fn stop(&self) {} pub fn x(&self) {} } impl crate::T for E { fn run(&self) {} } }
pub mod b { pub struct E; impl E { pub fn stop(&self) {} pub fn y(&self) {} pub fn run(&self) {} } impl crate::T for E { fn run(&self) {} } }
",
    );
    let report = written.audit().unique("E").run().expect("it runs");
    assert_eq!(report.findings[0].notes, ["both have: 2 of 3 methods the same"]);
}

#[test]
fn a_call_is_of_the_function_and_a_mention_of_the_type_of_one_name() {
    let files = "//- src/lib.rs
pub mod m { pub struct Old { x: u8 } pub fn Old() {} }
pub mod user { pub fn f() { crate::m::Old(); } pub fn g(_: crate::m::Old) {} }
";
    assert_eq!(uses(files, "app::m::Old"), ["app::user::g"]);
}

#[test]
fn an_item_of_self_in_a_trait_is_that_of_the_trait() {
    let files = "//- src/lib.rs
pub trait T { const N: u8; fn f() -> u8 { Self::N } }
pub enum E { A, B } impl E { fn g() -> Self { Self::A } }
";
    assert_eq!(uses(files, "app::T::N"), ["app::T::f"]);
    assert_eq!(uses(files, "app::E::A"), ["app::E::g"]);
}
