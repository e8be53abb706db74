//! Redirects.

use ssot_audit::{Confidence, Level, Rule};

use super::found::places;
use crate::workspaces::Written;

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
    let noted = report.failing().map(|finding| {
        let only = "seen in an import only: nothing in its module uses the name";
        finding.notes.iter().any(|note| note == only)
    });
    assert_eq!(noted.collect::<Vec<_>>(), [true, false, false, true]);
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
