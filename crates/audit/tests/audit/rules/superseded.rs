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

#[test]
fn a_macro_is_superseded_wherever_it_is_called() {
    let written = Written::app(
        "//- src/lib.rs
#[macro_export] macro_rules! old { ($($tokens:tt)*) => { $($tokens)* } }
pub mod items { crate::old! { pub fn f() {} } }
pub mod opaque { old!(x y z); }
pub mod body { pub fn f() { crate::old!(1); } }
",
    );
    let report = written.audit().superseded("app::old").run().expect("it runs");
    let places: Vec<&str> = report.failing().map(|finding| &*finding.place).collect();
    assert_eq!(places, ["app::items", "app::opaque", "app::body::f"]);
}

#[test]
fn an_import_of_what_a_macro_makes_comes_before_a_glob() {
    let written = Written::app(
        "//- src/lib.rs
pub mod made { make!(Old); made_enum!(Kind: A, B); }
pub mod other { pub struct Old; }
pub mod user { use crate::made::Old; use crate::other::*; pub fn f(_: Old) {} }
pub mod variants { use crate::made::Kind::A; pub fn f() { g(A) } }
",
    );
    let places = |item: &str| -> Vec<String> {
        let report = written.audit().superseded(item).run().expect("it runs");
        report.failing().map(|finding| finding.place.clone()).collect()
    };
    assert_eq!(places("app::made::Old"), ["app::user::f"]);
    assert_eq!(places("app::other::Old"), Vec::<String>::new());
    assert_eq!(places("app::made::Kind"), ["app::variants::f"]);
}
