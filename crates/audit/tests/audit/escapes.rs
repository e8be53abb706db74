//! Ways around the rules: which are caught, and which are documented as not visible.

use ssot_audit::{Report, Rule};

use crate::workspaces::{Written, manifest};

/// What stands in every workspace of this table.
const BASE: &str = "\
//- src/lib.rs
pub mod engine;
pub mod old;
pub mod bypass;
//- src/old.rs
pub use crate::engine::{Engine, Make, UserEngine, create};
//- src/engine.rs
pub mod factory;

pub trait Engine {
    fn run(&self);
}

pub trait Make {
    fn make() -> Self;
}

#[derive(Clone, Default)]
pub struct UserEngine {
    pub id: u64,
}

impl Engine for UserEngine {
    fn run(&self) {}
}

impl Make for UserEngine {
    fn make() -> Self {
        Self { id: 1 }
    }
}

impl UserEngine {
    pub fn new(id: u64) -> Self {
        Self { id }
    }

    pub fn start(&self) {}
}

pub fn create() -> UserEngine {
    UserEngine::new(7)
}
//- src/engine/factory.rs
use super::UserEngine;

pub fn create() -> UserEngine {
    UserEngine::new(1)
}
";

fn report(bypass: &str) -> Report {
    let written = Written::app(&format!("{BASE}//- src/bypass.rs\n{bypass}"));
    audited(&written)
}

fn audited(written: &Written) -> Report {
    written
        .audit()
        .role("engine")
        .of_trait("app::engine::Engine")
        .only("app::engine::UserEngine")
        .built_in("app::engine::factory")
        .redirect("app::old")
        .to("app::engine")
        .run()
        .expect("the rules fit the workspace")
}

/// The rules that a bypass breaks, each once.
fn broken(bypass: &str) -> Vec<Rule> {
    let report = report(bypass);
    assert_eq!(report.statistics.unread, Vec::<String>::new());
    let mut rules: Vec<Rule> = report.failing().map(|finding| finding.rule).collect();
    rules.sort();
    rules.dedup();
    rules
}

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

/// Each with its name.
const CONSTRUCTIONS: [(&str, &str); 28] = [
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

#[test]
fn an_implementation_in_another_crate_is_found_under_any_name_of_the_dependency() {
    for (dependency, path) in [
        ("app = { path = \"..\" }", "app::engine::Engine"),
        (
            "renamed = { package = \"app\", path = \"..\" }",
            "renamed::engine::Engine",
        ),
        ("app = { path = \"..\" }", "::app::engine::Engine"),
    ] {
        let member = manifest("user", &format!("[dependencies]\n{dependency}"));
        let root = manifest("app", "[workspace]\nmembers = [\"user\"]");
        let text = format!(
            "//- Cargo.toml\n{root}\n{BASE}//- src/bypass.rs\n\n//- user/Cargo.toml\n{member}\n//- user/src/lib.rs\n\
             pub struct L; impl {path} for L {{ fn run(&self) {{}} }}"
        );
        let report = audited(&Written::of(&text));
        let places: Vec<&str> = report.failing().map(|finding| &*finding.place).collect();
        assert_eq!(places, ["user::L"], "{dependency}");
    }
}

#[test]
fn files_are_followed_however_they_are_named() {
    let build = "pub fn f() { crate::engine::UserEngine::new(1); }";
    for (bypass, file) in [
        ("#[path = \"elsewhere/it.rs\"] mod it;", "src/elsewhere/it.rs"),
        ("include!(\"it.in\");", "src/it.in"),
        ("mod it;", "src/bypass/it.rs"),
        ("mod it;", "src/bypass/it/mod.rs"),
        ("mod inline { mod it; }", "src/bypass/inline/it.rs"),
        (
            "#[cfg_attr(windows, path = \"windows.rs\")] mod it;",
            "src/windows.rs",
        ),
    ] {
        let written = Written::app(&format!("{BASE}//- src/bypass.rs\n{bypass}\n//- {file}\n{build}"));
        let rules: Vec<Rule> = audited(&written).failing().map(|finding| finding.rule).collect();
        assert_eq!(rules, [Rule::Bypass], "{bypass} {file}");
    }
}

#[test]
fn an_extern_crate_under_another_name_is_followed() {
    let member = manifest("user", "[dependencies]\napp = { path = \"..\" }");
    let root = manifest("app", "[workspace]\nmembers = [\"user\"]");
    let text = format!(
        "//- Cargo.toml\n{root}\n{BASE}//- src/bypass.rs\n\n//- user/Cargo.toml\n{member}\n//- user/src/lib.rs\n\
         extern crate app as other;\npub fn f() {{ other::engine::UserEngine::new(1); }}"
    );
    let report = audited(&Written::of(&text));
    let places: Vec<&str> = report.failing().map(|finding| &*finding.place).collect();
    assert_eq!(places, ["user::f"]);
}

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
