//! What a report looks like in each of its forms.

use ssot_audit::{Mode, Report};

use crate::workspaces::{Written, snapshot};

const SHOP: &str = "\
//- src/lib.rs
pub mod engine;
pub mod events;
pub mod legacy;
pub mod old;
//- src/engine.rs
pub mod factory;

pub trait ExecutionEngine {
    fn run(&self);
}

pub struct UserExecutionEngine {
    id: u64,
}

impl ExecutionEngine for UserExecutionEngine {
    fn run(&self) {}
}

impl UserExecutionEngine {
    pub fn new(id: u64) -> Self {
        Self { id }
    }
}

macro_rules! engine {
    ($name:ident) => {
        pub struct $name;
        impl ExecutionEngine for $name {
            fn run(&self) {}
        }
    };
}

engine!(One);
//- src/engine/factory.rs
use super::UserExecutionEngine;

pub fn create() -> UserExecutionEngine {
    UserExecutionEngine::new(1)
}
//- src/events.rs
pub mod names {
    pub const STARTED: &str = \"agent_started\";
}
pub enum AgentEvent {
    Started,
}
//- src/legacy.rs
use crate::engine::{ExecutionEngine, UserExecutionEngine as Engine};
use crate::events::AgentEvent;

pub struct LegacyEngine;

impl ExecutionEngine for LegacyEngine {
    fn run(&self) {
        let engines: Vec<Engine> = [1, 2].into_iter().map(Engine::new).collect();
        let more = Engine::new(3);
        crate::old::help();
        foreign!(crate::old::help());
    }
}

pub fn emit() -> (AgentEvent, &'static str) {
    (AgentEvent::Started, \"agent_started\")
}
//- src/old.rs
pub use crate::engine::UserExecutionEngine;

pub fn help() {}
//- ssot.toml
[[role]]
name = \"execution engine\"
trait = \"app::engine::ExecutionEngine\"
canonical = \"app::engine::UserExecutionEngine\"
construct-only-in = [\"app::engine::factory\"]

[[redirect]]
modules = [\"app::old\"]
to = \"app::engine\"

[[superseded]]
item = \"app::legacy::emit\"

[[payload]]
type = \"app::events::AgentEvent\"
built-in = \"app::events\"
names-in = \"app::events::names\"

[[layers]]
order = [\"app::legacy\", \"app::engine\"]

[[unique]]
names = [\"*Engine\"]
";

fn report(written: &Written) -> Report {
    written.audit().configured().run().expect("it runs")
}

#[test]
fn a_report_reads_as_rustc_prints_it() {
    snapshot("report_text", &report(&Written::app(SHOP)).text());
}

#[test]
fn a_report_as_annotations_of_github() {
    snapshot("report_github", &report(&Written::app(SHOP)).github());
}

#[test]
fn a_report_as_json() {
    let value = report(&Written::app(SHOP)).json();
    assert_eq!((&value["version"], &value["ok"]), (&1.into(), &false.into()));
    let first = serde_json::to_string_pretty(&value["findings"][0]).expect("it is JSON");
    snapshot("report_json_finding", &first);
}

#[test]
fn a_report_as_sarif_fits_the_official_schema() {
    let written = Written::app(SHOP);
    let mut mode = Mode::default();
    mode.allow_growth = Some("known".to_owned());
    drop(
        written
            .audit()
            .configured()
            .mode(mode)
            .run()
            .expect("it is written"),
    );
    // New, frozen, gone, and a file that cannot be read.
    let legacy = written
        .read("src/legacy.rs")
        .replace("LegacyEngine", "OtherEngine");
    written.write("src/legacy.rs", legacy);
    written.write(
        "src/old.rs",
        "pub use crate::engine::UserExecutionEngine;\npub mod bad;",
    );
    written.write("src/old/bad.rs", "fn (");
    let sarif = report(&written).sarif();
    let states: Vec<&str> = sarif["runs"][0]["results"]
        .as_array()
        .expect("there are results")
        .iter()
        .filter_map(|result| result["baselineState"].as_str())
        .collect();
    for state in ["new", "unchanged", "absent"] {
        assert!(states.contains(&state), "{state}: {states:?}");
    }
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../fixtures/audit/sarif-schema-2.1.0.json"
    );
    let mut schemas = boon::Schemas::new();
    let schema = boon::Compiler::new()
        .compile(folder, &mut schemas)
        .expect("the schema compiles");
    schemas
        .validate(&sarif, schema)
        .unwrap_or_else(|error| panic!("{error:#}"));
    // The schema is one that refuses.
    let mut wrong = sarif;
    wrong["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(schemas.validate(&wrong, schema).is_err());
}

#[test]
fn a_fingerprint_has_no_line() {
    let written = Written::app(SHOP);
    let fingerprints = |report: &Report| {
        let results = report.sarif()["runs"][0]["results"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        results
            .into_iter()
            .map(|result| result["partialFingerprints"].clone())
            .collect::<Vec<_>>()
    };
    let before = fingerprints(&report(&written));
    let legacy = written.read("src/legacy.rs");
    written.write("src/legacy.rs", format!("\n\n// moved\n{legacy}"));
    assert_eq!(fingerprints(&report(&written)), before);
}

#[test]
fn two_runs_print_the_same() {
    let written = Written::app(SHOP);
    let first = report(&written);
    for _ in 0..5 {
        let again = report(&written);
        assert_eq!(again.findings, first.findings);
        assert_eq!(again.text(), first.text());
    }
}

#[test]
fn each_finding_is_explained() {
    for rule in ssot_audit::Rule::ALL {
        let text = ssot_audit::explain(rule);
        assert!(text.contains("To settle it:"), "{rule}");
        assert!(text.lines().all(|line| line.chars().count() <= 130), "{rule}");
        assert_eq!(ssot_audit::Rule::parse(rule.id()), Some(rule));
        assert_eq!(ssot_audit::Rule::parse(rule.name()), Some(rule));
    }
}
