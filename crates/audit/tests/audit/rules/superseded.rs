//! Superseded items.

use ssot_audit::{Confidence, Rule};

use super::found::{places, run};
use crate::workspaces::Written;

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
