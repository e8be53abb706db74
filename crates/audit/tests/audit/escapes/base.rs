//! The workspace that every way around the rules is added to.

use ssot_audit::{Report, Rule};

use crate::workspaces::Written;

/// What stands in every workspace of this table.
pub(super) const BASE: &str = "\
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

pub(super) fn report(bypass: &str) -> Report {
    let written = Written::app(&format!("{BASE}//- src/bypass.rs\n{bypass}"));
    audited(&written)
}

pub(super) fn audited(written: &Written) -> Report {
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
pub(super) fn broken(bypass: &str) -> Vec<Rule> {
    let report = report(bypass);
    assert_eq!(report.statistics.unread, Vec::<String>::new());
    let mut rules: Vec<Rule> = report.failing().map(|finding| finding.rule).collect();
    rules.sort();
    rules.dedup();
    rules
}
