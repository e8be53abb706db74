//! Layers and separate modules.

use ssot_audit::{Confidence, Rule};

use super::found::{places, run};
use crate::workspaces::Written;

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
