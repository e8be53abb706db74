//! Ways around the rules by less usual means.

use ssot_audit::Rule;

use super::base::{BASE, audited, broken};
use crate::workspaces::{Written, manifest};

/// Each with its name and the rule that it breaks.
const WAYS: [(&str, Rule, &str); 54] = [
    (
        "behind an operator of bars",
        Rule::Bypass,
        "use crate::engine::UserEngine; pub fn f(a: bool) { if a || f2() { UserEngine::new(1); } } fn f2() -> bool { true }",
    ),
    (
        "behind two operators of bars",
        Rule::Bypass,
        "use crate::engine::UserEngine; pub fn f(a: bool) -> UserEngine { let b = a || a || a; drop(b); UserEngine { id: 1 } }",
    ),
    (
        "the key of a list",
        Rule::Bypass,
        "use crate::old::UserEngine; pub fn f() { assert_impl!(UserEngine: Clone); }",
    ),
    (
        "a parameter of the type's name in a pattern",
        Rule::Bypass,
        "use crate::old::create; pub fn f(S { create: c }: S) { c; create(); } pub struct S { pub create: u8 }",
    ),
    (
        "an impl for a type of the standard library",
        Rule::SecondImplementation,
        "impl crate::engine::Engine for String { fn run(&self) {} }",
    ),
    (
        "an impl for a primitive type",
        Rule::SecondImplementation,
        "impl crate::engine::Engine for u8 { fn run(&self) {} }",
    ),
    (
        "an impl for a box of another",
        Rule::SecondImplementation,
        "pub struct L; impl crate::engine::Engine for Box<L> { fn run(&self) {} }",
    ),
    (
        "an impl for a list of numbers",
        Rule::SecondImplementation,
        "impl crate::engine::Engine for Vec<u8> { fn run(&self) {} }",
    ),
    (
        "an impl for a reference",
        Rule::SecondImplementation,
        "pub struct L; impl crate::engine::Engine for &L { fn run(&self) {} }",
    ),
    (
        "an impl for a tuple",
        Rule::SecondImplementation,
        "pub struct L; impl crate::engine::Engine for (L, u8) { fn run(&self) {} }",
    ),
    (
        "an impl for an array",
        Rule::SecondImplementation,
        "pub struct L; impl crate::engine::Engine for [L; 2] { fn run(&self) {} }",
    ),
    (
        "an impl for a function pointer",
        Rule::SecondImplementation,
        "impl crate::engine::Engine for fn(u8) { fn run(&self) {} }",
    ),
    (
        "an impl for a trait object",
        Rule::SecondImplementation,
        "pub trait Other {} impl crate::engine::Engine for dyn Other { fn run(&self) {} }",
    ),
    (
        "an impl for a type of the standard library by an alias",
        Rule::SecondImplementation,
        "pub type L = String; impl crate::engine::Engine for L { fn run(&self) {} }",
    ),
    (
        "a provided function of a trait",
        Rule::Bypass,
        "use crate::engine::{Make, UserEngine}; pub trait Fresh: Make + Sized { fn fresh() -> Self { Self::make() } } impl Fresh for UserEngine {} pub fn f() { UserEngine::fresh(); }",
    ),
    (
        "a provided function by the qualified path",
        Rule::Bypass,
        "use crate::engine::{Make, UserEngine}; pub trait Fresh: Make + Sized { fn fresh() -> Self { Self::make() } } impl Fresh for UserEngine {} pub fn f() { <UserEngine as Fresh>::fresh(); }",
    ),
    (
        "an associated type",
        Rule::Bypass,
        "pub trait Has { type Out; fn f() -> Self::Out; } pub struct S; impl Has for S { type Out = crate::engine::UserEngine; fn f() -> Self::Out { Self::Out::new(1) } }",
    ),
    (
        "an associated type of a qualified path",
        Rule::Bypass,
        "pub trait Has { type Out; } pub struct S; impl Has for S { type Out = crate::engine::UserEngine; } pub fn f() { <S as Has>::Out::new(1); }",
    ),
    (
        "a generic alias",
        Rule::Bypass,
        "pub type Of<T> = (T, u8); pub type E<T = u8> = crate::engine::UserEngine; pub fn f() { E::<u8>::new(1); }",
    ),
    (
        "a re-export under another name",
        Rule::Bypass,
        "pub mod a { pub use crate::engine::UserEngine as Renamed; } pub mod b { pub use super::a::Renamed as Again; } pub fn f() { b::Again::new(1); }",
    ),
    (
        "a glob under an explicit import of another",
        Rule::Bypass,
        "pub mod a { pub struct UserEngine; } pub mod b { use super::a::*; use crate::engine::UserEngine; pub fn f() { UserEngine::new(1); } }",
    ),
    (
        "super::* of a parent's import",
        Rule::Bypass,
        "use crate::engine::UserEngine; pub mod inner { use super::*; pub fn f() { UserEngine::new(1); } }",
    ),
    (
        "an import in a block behind its use",
        Rule::Bypass,
        "pub fn f() { UserEngine::new(1); use crate::engine::UserEngine; }",
    ),
    (
        "an import within a match arm",
        Rule::Bypass,
        "pub fn f(x: u8) { match x { 0 => { use crate::engine::UserEngine as E; E::new(1); } _ => {} } }",
    ),
    (
        "an import within a closure",
        Rule::Bypass,
        "pub fn f() { let g = || { use crate::engine::UserEngine as E; E::new(1) }; g(); }",
    ),
    (
        "a module in a function",
        Rule::Bypass,
        "pub fn f() { mod m { pub fn g() { crate::engine::UserEngine::new(1); } } m::g(); }",
    ),
    (
        "an impl in a constant",
        Rule::SecondImplementation,
        "pub struct L; const _: () = { impl crate::engine::Engine for L { fn run(&self) {} } };",
    ),
    (
        "an impl in a block of a function",
        Rule::SecondImplementation,
        "pub struct L; pub fn f() { { impl crate::engine::Engine for L { fn run(&self) {} } } }",
    ),
    (
        "an impl in a closure",
        Rule::SecondImplementation,
        "pub fn f() { let _ = || { struct L; impl crate::engine::Engine for L { fn run(&self) {} } }; }",
    ),
    (
        "an impl in the arm of a match",
        Rule::SecondImplementation,
        "pub fn f(x: u8) { match x { _ => { struct L; impl crate::engine::Engine for L { fn run(&self) {} } } } }",
    ),
    (
        "an impl in an array's length",
        Rule::SecondImplementation,
        "pub struct L; pub type A = [u8; { impl crate::engine::Engine for L { fn run(&self) {} } 1 }];",
    ),
    (
        "a raw identifier of the type",
        Rule::Bypass,
        "pub fn f() { crate::engine::r#UserEngine::r#new(1); }",
    ),
    (
        "a const function",
        Rule::Bypass,
        "pub const fn f() -> crate::engine::UserEngine { crate::engine::UserEngine { id: 1 } }",
    ),
    (
        "a function pointer of a field",
        Rule::Bypass,
        "pub struct S { pub make: fn(u64) -> crate::engine::UserEngine } pub fn f() -> S { S { make: crate::engine::UserEngine::new } }",
    ),
    (
        "a function behind parentheses",
        Rule::Bypass,
        "use crate::engine::UserEngine; pub fn f() { (UserEngine::new)(1); }",
    ),
    (
        "a function behind a cast",
        Rule::Bypass,
        "use crate::engine::UserEngine; pub fn f() { (UserEngine::new as fn(u64) -> UserEngine)(1); }",
    ),
    (
        "a literal as a default of a closure",
        Rule::Bypass,
        "use crate::engine::UserEngine; pub fn f(o: Option<UserEngine>) -> UserEngine { o.unwrap_or_else(|| UserEngine { id: 1 }) }",
    ),
    (
        "a literal in a return",
        Rule::Bypass,
        "use crate::engine::UserEngine; pub fn f() -> UserEngine { return UserEngine { id: 1 }; }",
    ),
    (
        "a literal in a break",
        Rule::Bypass,
        "use crate::engine::UserEngine; pub fn f() -> UserEngine { loop { break UserEngine { id: 1 } } }",
    ),
    (
        "a literal behind &",
        Rule::Bypass,
        "use crate::engine::UserEngine; pub fn f() { g(&UserEngine { id: 1 }); } fn g(_: &UserEngine) {}",
    ),
    (
        "a literal in an array",
        Rule::Bypass,
        "use crate::engine::UserEngine; pub fn f() { let _ = [const { UserEngine { id: 1 } }; 3]; }",
    ),
    (
        "a literal in a comparison",
        Rule::Bypass,
        "use crate::engine::UserEngine; pub fn f(x: u8) -> bool { x < 1 && (UserEngine { id: 1 }).id > 2 }",
    ),
    (
        "a literal in let-else",
        Rule::Bypass,
        "use crate::engine::UserEngine; pub fn f(o: Option<u8>) -> UserEngine { let Some(_) = o else { return UserEngine { id: 1 } }; panic!() }",
    ),
    (
        "a literal behind a pattern of its name",
        Rule::Bypass,
        "use crate::engine::UserEngine; pub fn f(e: UserEngine) -> UserEngine { let UserEngine { id } = e; UserEngine { id } }",
    ),
    (
        "a literal in the value of an arm",
        Rule::Bypass,
        "use crate::engine::UserEngine; pub fn f(e: UserEngine) -> UserEngine { match e { UserEngine { id: 1 } => UserEngine { id: 2 }, e => e } }",
    ),
    (
        "a variable of the function's name in another block",
        Rule::Bypass,
        "use crate::old::create; pub fn f() { { let create = 1; drop(create); } create(); }",
    ),
    (
        "a parameter of the function's name in a closure",
        Rule::Bypass,
        "use crate::old::create; pub fn f() { let g = |create: u8| create; g(1); create(); }",
    ),
    (
        "a call by a macro of its own",
        Rule::Bypass,
        "macro_rules! call { ($f:path) => { $f() } } pub fn f() { call!(crate::old::create); }",
    ),
    (
        "an item macro's argument",
        Rule::Bypass,
        "macro_rules! lazy { ($n:ident = $e:expr) => { pub fn $n() { $e; } } } lazy!(f = crate::old::create());",
    ),
    (
        "an attribute on an expression",
        Rule::Bypass,
        "pub fn f() { #[allow(unused_must_use)] crate::old::create(); }",
    ),
    (
        "a use of a use of a module",
        Rule::Bypass,
        "use crate as root; use root::old as o; pub fn f() { o::create(); }",
    ),
    (
        "extern crate self",
        Rule::Bypass,
        "extern crate self as me; pub fn f() { me::old::create(); }",
    ),
    (
        "a use in a trait's default body",
        Rule::Bypass,
        "pub trait T { fn t(&self) { crate::old::create(); } }",
    ),
    (
        "a default of a const generic",
        Rule::Bypass,
        "pub struct S<const N: usize = { crate::old::create as usize }>;",
    ),
];

#[test]
fn every_further_way_is_found() {
    let missed: Vec<&str> = WAYS
        .iter()
        .filter(|(_, rule, bypass)| !broken(bypass).contains(rule))
        .map(|(name, ..)| *name)
        .collect();
    assert_eq!(missed, Vec::<&str>::new());
}

/// The places of what fails in a workspace of `app` and a member `user`, which depends on it.
fn in_another_crate(dependency: &str, edition: &str, user: &str) -> Vec<String> {
    let member = manifest("user", &format!("[dependencies]\n{dependency}")).replace("2024", edition);
    let root = manifest("app", "[workspace]\nmembers = [\"user\"]");
    let text = format!(
        "//- Cargo.toml\n{root}\n{BASE}//- src/bypass.rs\n\n//- user/Cargo.toml\n{member}\n//- user/src/lib.rs\n{user}"
    );
    audited(&Written::of(&text))
        .failing()
        .map(|finding| finding.place.clone())
        .collect()
}

#[test]
fn the_ways_of_edition_2015_are_found() {
    let app = "app = { path = \"..\" }";
    for (user, place) in [
        (
            "extern crate app; pub fn f() { ::app::engine::UserEngine::new(1); }",
            "user::f",
        ),
        (
            "extern crate app; mod m { use app::engine::UserEngine; pub fn f() { UserEngine::new(1); } }",
            "user::m::f",
        ),
        (
            "extern crate app; mod a { pub use app::old as o; } pub fn f() { ::a::o::create(); }",
            "user::f",
        ),
        (
            "extern crate app as b; mod m { pub fn f() { ::b::old::create(); } }",
            "user::m::f",
        ),
        (
            "#[macro_use] extern crate app; mod m { use app::engine::*; pub struct L; impl Engine for L { fn run(&self) {} } }",
            "user::m::L",
        ),
    ] {
        let found = in_another_crate(app, "2015", user);
        assert_eq!(found.last().map(String::as_str), Some(place), "{user}");
    }
}

#[test]
fn a_chain_of_re_exports_through_crates_is_followed() {
    let member = manifest(
        "mid",
        "[dependencies]\nbase = { package = \"app\", path = \"..\" }",
    );
    let user = manifest("user", "[dependencies]\nmid = { path = \"../mid\" }");
    let root = manifest("app", "[workspace]\nmembers = [\"user\", \"mid\"]");
    let text = format!(
        "//- Cargo.toml\n{root}\n{BASE}//- src/bypass.rs\n\n//- mid/Cargo.toml\n{member}\n//- mid/src/lib.rs\n\
         pub use base::engine as inner; #[doc(hidden)] pub mod __private {{ pub use base::old::create as make; pub use super::inner::*; }}\n\
         //- user/Cargo.toml\n{user}\n//- user/src/lib.rs\n\
         pub fn f() {{ mid::inner::UserEngine::new(1); }}\n\
         pub fn g() {{ mid::__private::UserEngine::new(1); }}\n\
         pub struct L; impl mid::__private::Engine for L {{ fn run(&self) {{}} }}"
    );
    let report = audited(&Written::of(&text));
    let places: Vec<&str> = report.failing().map(|finding| &*finding.place).collect();
    assert_eq!(places, ["mid::__private", "user::f", "user::g", "user::L"]);
}

#[test]
fn files_of_unusual_modules_are_followed() {
    let build = "pub fn f() { crate::engine::UserEngine::new(1); }";
    for (bypass, file) in [
        ("pub fn g() { #[path = \"it.rs\"] mod it; it::f(); }", "src/it.rs"),
        (
            "#[path = \"elsewhere\"] pub mod inline { pub mod it; }",
            "src/elsewhere/it.rs",
        ),
        (
            "#[cfg(unix)] #[path = \"u.rs\"] mod os; #[cfg(windows)] #[path = \"w.rs\"] mod os;",
            "src/w.rs",
        ),
        (
            "#[cfg_attr(unix, path = \"u.rs\")] #[cfg_attr(windows, path = \"w.rs\")] mod os;",
            "src/w.rs",
        ),
        ("pub mod r#it;", "src/bypass/it.rs"),
        ("pub mod inner { include!(\"it.in\"); }", "src/it.in"),
        ("include! { \"it.in\" }", "src/it.in"),
        ("include!(concat!(\"it\", \".in\"));", "src/it.in"),
        (
            "include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/other/\", \"it.in\",));",
            "other/it.in",
        ),
        ("std::include!(r\"it.in\");", "src/it.in"),
        (
            "macro_rules! m { ($($i:item)*) => { $($i)* } } m! { mod it; }",
            "src/bypass/it.rs",
        ),
        (
            "cfg_if::cfg_if! { if #[cfg(unix)] { mod it; } }",
            "src/bypass/it.rs",
        ),
    ] {
        let written = Written::app(&format!("{BASE}//- src/bypass.rs\n{bypass}\n//- {file}\n{build}"));
        let rules: Vec<Rule> = audited(&written).failing().map(|finding| finding.rule).collect();
        assert_eq!(rules, [Rule::Bypass], "{bypass} {file}");
    }
}
