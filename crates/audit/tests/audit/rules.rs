//! Each rule on a workspace that breaks it in every way it knows, and on one that does not.

use ssot_audit::{Audit, Confidence, Level, Report, Rule};

use crate::workspaces::Written;

/// Where a report's findings stand, with their rules and how sure they are, without notes.
fn places(report: &Report) -> Vec<(Rule, Confidence, &str, &str)> {
    report
        .failing()
        .map(|finding| {
            (
                finding.rule,
                finding.confidence,
                &*finding.place,
                &*finding.target,
            )
        })
        .collect()
}

fn run(audit: Audit) -> Report {
    audit.run().expect("the rules fit the workspace")
}

const ROLE: &str = "\
//- src/lib.rs
pub mod engine;
pub mod legacy;
//- src/engine.rs
pub trait Engine {}
pub struct User(());
impl Engine for User {}
macro_rules! engine { ($name:ident) => { pub struct $name; impl Engine for $name {} } }
engine!(One);
engine!(Two);
";

#[test]
fn a_macro_that_writes_implementations_is_a_note_with_its_calls() {
    let written = Written::app(&format!("{ROLE}//- src/legacy.rs\n\n"));
    let role = |audit: Audit| {
        audit
            .role("engine")
            .of_trait("app::engine::Engine")
            .only("app::engine::User")
    };
    let report = role(written.audit()).run().expect("it runs");
    assert!(!report.fails());
    let notes: Vec<_> = report
        .findings
        .iter()
        .map(|note| (note.rule, note.level, note.labels.len()))
        .collect();
    assert_eq!(notes, [(Rule::MacroImplementation, Level::Note, 3)]);
    assert!(
        report.findings[0].message.contains("called 2 times"),
        "{}",
        report.findings[0].message
    );
    let report = role(written.audit())
        .by_macro("app::engine::engine")
        .run()
        .expect("it runs");
    assert_eq!(report.findings, []);
}

#[test]
fn an_implementation_for_every_type_that_fits_is_a_lead() {
    let written = Written::app(&format!(
        "{ROLE}//- src/legacy.rs\nimpl<T: Copy> crate::engine::Engine for T {{}}"
    ));
    let report = written
        .audit()
        .role("engine")
        .of_trait("app::engine::Engine")
        .only("app::engine::User")
        .by_macro("app::engine::engine")
        .run()
        .expect("it runs");
    let found: Vec<_> = report
        .findings
        .iter()
        .map(|found| (found.rule, found.confidence))
        .collect();
    assert_eq!(found, [(Rule::SecondImplementation, Confidence::Lead)]);
    assert!(!report.fails());
}

#[test]
fn test_code_counts_where_the_rule_says_so() {
    let written = Written::app(&format!(
        "{ROLE}//- src/legacy.rs\n#[cfg(test)] mod tests {{ struct Mock; impl crate::engine::Engine for Mock {{}} }}"
    ));
    let role = |audit: Audit| {
        let role = audit
            .role("engine")
            .of_trait("app::engine::Engine")
            .only("app::engine::User");
        role.by_macro("app::engine::engine")
    };
    assert!(!role(written.audit()).run().expect("it runs").fails());
    let report = role(written.audit()).in_tests().run().expect("it runs");
    let expected = (
        Rule::SecondImplementation,
        Confidence::Exact,
        "app::legacy::tests::Mock",
        "app::engine::Engine",
    );
    assert_eq!(places(&report), [expected]);
}

#[test]
fn a_role_leaves_out_the_modules_that_it_allows() {
    let written = Written::app(&format!(
        "{ROLE}//- src/legacy.rs\npub struct L; impl crate::engine::Engine for L {{}}"
    ));
    let role = |audit: Audit| {
        let role = audit
            .role("engine")
            .of_trait("app::engine::Engine")
            .only("app::engine::User");
        role.by_macro("app::engine::engine")
    };
    assert!(role(written.audit()).run().expect("it runs").fails());
    assert!(
        !role(written.audit())
            .allow_in("app::legacy")
            .run()
            .expect("it runs")
            .fails()
    );
}

const REDIRECT: &str = "\
//- src/lib.rs
pub mod engine;
pub mod old;
//- src/engine.rs
pub struct Engine;
pub struct Other;
pub trait Run {}
";

#[test]
fn every_definition_in_a_redirect_is_found_and_every_re_export_is_fine() {
    let written = Written::app(&format!(
        "{REDIRECT}//- src/old.rs
pub use crate::engine::Engine;
pub use crate::engine::*;
pub type Alias = crate::engine::Other;
use crate::engine::Other as Private;
pub struct Struct {{ pub of: Private }}
pub enum Enum {{ A }}
pub union Union {{ a: u8 }}
pub trait Trait {{}}
pub fn function() {{}}
pub const CONST: u8 = 1;
pub static STATIC: u8 = 1;
macro_rules! macro_ {{ () => {{}} }}
pub mod inner {{ pub struct Inner; pub use crate::engine::Engine; }}
impl Struct {{ pub fn of() {{}} }}
#[cfg(test)] mod tests {{ struct Fine; }}
"
    ));
    let report = written
        .audit()
        .redirect("app::old")
        .to("app::engine")
        .run()
        .expect("it runs");
    let found: Vec<&str> = places(&report)
        .into_iter()
        .map(|(_, _, place, _)| place)
        .collect();
    let expected = [
        "app::old::Struct",
        "app::old::Enum",
        "app::old::Union",
        "app::old::Trait",
        "app::old::function",
        "app::old::CONST",
        "app::old::STATIC",
        "app::old::macro_",
        "app::old::inner::Inner",
    ];
    assert_eq!(found, expected);
    assert!(
        report
            .failing()
            .all(|finding| finding.rule == Rule::CodeInRedirect)
    );
}

#[test]
fn an_impl_in_a_redirect_on_what_is_defined_elsewhere_is_a_note() {
    let written = Written::app(&format!(
        "{REDIRECT}//- src/old.rs\npub use crate::engine::{{Engine, Run}};\nimpl Run for Engine {{}}\nsome_macro!(x y z);"
    ));
    let report = written
        .audit()
        .redirect("app::old")
        .to("app::engine")
        .run()
        .expect("it runs");
    let found: Vec<_> = report
        .findings
        .iter()
        .map(|found| (found.rule, found.level))
        .collect();
    assert_eq!(found, [(Rule::CodeInRedirect, Level::Note); 2]);
}

#[test]
fn a_re_export_past_a_redirect_is_a_finding_also_where_it_is_used_and_an_import_only_where_it_is_not() {
    let written = Written::app(&format!(
        "{REDIRECT}//- src/old.rs\npub use crate::engine::{{Engine, Other}};
//- src/lib.rs
pub mod engine;
pub mod old;
pub mod exported {{ pub use crate::old::Engine; pub fn f(_: Engine) {{}} }}
pub mod imported {{ use crate::old::Engine; pub fn f(_: Engine) {{}} }}
pub mod unused {{ use crate::old::Other; }}
"
    ));
    let report = written
        .audit()
        .redirect("app::old")
        .to("app::engine")
        .run()
        .expect("it runs");
    let way = |sure, place, target| (Rule::Bypass, sure, place, target);
    let expected = [
        way(Confidence::Import, "app::exported", "app::engine::Engine"),
        way(Confidence::Exact, "app::exported::f", "app::engine::Engine"),
        way(Confidence::Exact, "app::imported::f", "app::engine::Engine"),
        way(Confidence::Import, "app::unused", "app::engine::Other"),
    ];
    assert_eq!(places(&report), expected);
}

#[test]
fn a_redirect_says_what_to_write_in_place_of_a_definition() {
    let written = Written::app(&format!("{REDIRECT}//- src/old.rs\npub struct Engine;"));
    let report = written
        .audit()
        .redirect("app::old")
        .to("app::engine")
        .run()
        .expect("it runs");
    let help: Vec<_> = report
        .findings
        .iter()
        .map(|found| found.help.as_deref())
        .collect();
    assert_eq!(help, [Some("replace it: `pub use app::engine::Engine;`")]);
}

const SUPERSEDED: &str = "\
//- src/lib.rs
pub mod make;
pub mod ted;
pub mod editor;
pub mod user;
pub use ted::insert;
//- src/ted.rs
pub fn insert() {}
pub fn helper() { insert() }
pub mod deep { pub struct Deep; pub enum Kind { A } }
//- src/editor.rs
pub struct Editor;
//- src/make.rs
pub struct Maker;
impl Maker { pub fn path() {} }
#[deprecated]
pub fn old() {}
pub fn path() {}
";

#[test]
fn every_use_of_what_is_superseded_is_found() {
    let written = Written::app(&format!(
        "{SUPERSEDED}//- src/user.rs
use crate::make;
use crate::make::path as other;
use crate::ted::deep::Deep;
pub fn a() {{ make::path(); }}
pub fn b() {{ other(); }}
pub fn c(_: Deep) {{}}
pub fn d() {{ crate::ted::insert(); }}
pub fn e() -> fn() {{ crate::insert }}
pub fn f(k: crate::ted::deep::Kind) {{ match k {{ crate::ted::deep::Kind::A => {{}} }} }}
pub fn g() {{ foreign!(crate::ted::insert()) }}
pub mod allowed {{ pub fn h() {{ crate::make::path(); }} }}
pub mod unused {{ use crate::ted::helper; }}
#[cfg(test)] mod tests {{ fn t() {{ crate::make::path(); }} }}
"
    ));
    let report = written
        .audit()
        .superseded("app::make::path")
        .and("app::ted")
        .by("app::editor::Editor")
        .allow_in("app::user::allowed")
        .since("2024-10")
        .issue("#18285")
        .run()
        .expect("it runs");
    let superseded = |sure, place, target| (Rule::Superseded, sure, place, target);
    let expected = [
        superseded(Confidence::Import, "app", "app::ted::insert"),
        superseded(Confidence::Exact, "app::user::a", "app::make::path"),
        superseded(Confidence::Exact, "app::user::b", "app::make::path"),
        superseded(Confidence::Exact, "app::user::c", "app::ted::deep::Deep"),
        superseded(Confidence::Exact, "app::user::d", "app::ted::insert"),
        superseded(Confidence::Exact, "app::user::e", "app::ted::insert"),
        superseded(Confidence::Exact, "app::user::f", "app::ted::deep::Kind"),
        superseded(Confidence::Exact, "app::user::f", "app::ted::deep::Kind::A"),
        superseded(Confidence::MacroTokens, "app::user::g", "app::ted::insert"),
        superseded(Confidence::Import, "app::user::unused", "app::ted::helper"),
    ];
    assert_eq!(places(&report), expected);
    assert_eq!(
        report.findings[0].notes[0],
        "superseded since 2024-10, see #18285"
    );
}

#[test]
fn what_is_deprecated_is_superseded_on_request() {
    let written = Written::app(&format!(
        "{SUPERSEDED}//- src/user.rs\npub fn a() {{ crate::make::old(); }}"
    ));
    let report = run(written.audit().deprecated());
    let expected = (
        Rule::Superseded,
        Confidence::Exact,
        "app::user::a",
        "app::make::old",
    );
    assert_eq!(places(&report), [expected]);
}

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

#[test]
fn a_payload_is_assembled_and_named_in_one_place() {
    let written = Written::app(
        "//- src/lib.rs
pub mod events {
    pub enum Event { Started { run: u64 }, Done }
    pub mod names { pub const STARTED: &str = \"agent_started\"; pub const DONE: &str = \"agent_done\"; }
    pub mod make { pub fn done() -> super::Event { super::Event::Done } }
}
pub mod user {
    use crate::events::Event;
    pub fn a() -> Event { Event::Started { run: 1 } }
    pub fn b() -> Event { Event::Done }
    pub fn c(e: Event) -> bool { matches!(e, Event::Done) }
    pub fn d(e: Event) { match e { Event::Started { .. } => {} Event::Done => {} } }
    pub fn e() -> &'static str { \"agent_started\" }
    pub fn f() -> &'static str { crate::events::names::DONE }
    pub const COPY: &str = \"agent_done\";
    pub fn g(name: &str) -> bool { matches!(name, \"agent_started\") }
    pub fn h() { println!(\"agent_started or so\"); }
}
",
    );
    let report = written
        .audit()
        .payload("app::events::Event")
        .built_in("app::events")
        .names_in("app::events::names")
        .run()
        .expect("it runs");
    let payload = |place, target| (Rule::Payload, Confidence::Exact, place, target);
    let expected = [
        payload("app::user::a", "app::events::Event"),
        payload("app::user::b", "app::events::Event"),
        payload("app::user::e", "app::events::names::STARTED"),
        payload("app::user::COPY", "app::events::names::DONE"),
        payload("app::user::g", "app::events::names::STARTED"),
    ];
    assert_eq!(places(&report), expected);
}

#[test]
fn a_layer_uses_only_what_is_below_it() {
    let written = Written::app(
        "//- src/lib.rs
pub mod api { pub fn call() { crate::service::serve(); crate::store::load(); } pub struct Request; }
pub mod service { use crate::api; pub fn serve() { crate::store::load(); drop(api::Request); } }
pub mod store { pub fn load() { crate::cache::get(); } }
pub mod cache { use crate::service::serve; pub fn get() { crate::store::load(); } }
",
    );
    let report = run(written.audit().layers(["app::api", "app::service", "app::store"]));
    let expected = (
        Rule::Layer,
        Confidence::Exact,
        "app::service::serve",
        "app::api::Request",
    );
    assert_eq!(places(&report), [expected]);
    let report = written
        .audit()
        .separate("app::cache")
        .from("app::service")
        .run()
        .expect("it runs");
    let expected = (
        Rule::Layer,
        Confidence::Import,
        "app::cache",
        "app::service::serve",
    );
    assert_eq!(places(&report), [expected]);
}

#[test]
fn one_separation_does_not_forbid_what_another_does() {
    let written = Written::app(
        "//- src/lib.rs
pub mod api { pub fn call() {} }
pub mod service { pub fn serve() {} }
pub mod store { pub fn load() {} }
pub mod cache { pub fn get() { crate::store::load(); } }
",
    );
    let report = written
        .audit()
        .separate("app::cache")
        .from("app::service")
        .separate("app::api")
        .from("app::store")
        .run()
        .expect("it runs");
    assert_eq!(places(&report), []);
}

#[test]
fn generated_files_are_audited_on_request() {
    let written = Written::app(&format!(
        "{ROLE}//- src/legacy.rs\n// @generated by a program\npub struct L; impl crate::engine::Engine for L {{}}"
    ));
    let role = |audit: Audit| {
        let role = audit
            .role("engine")
            .of_trait("app::engine::Engine")
            .only("app::engine::User");
        role.by_macro("app::engine::engine").run().expect("it runs")
    };
    assert!(!role(written.audit()).fails());
    assert!(role(written.audit().generated()).fails());
}
