//! `[discover]`: the standing look-out for competing implementations.

use ssot_audit::{Error, Rule};

use crate::workspaces::Written;

/// Two clients, one of which is a second version with the same methods.
fn two_clients() -> Written {
    let methods = "pub fn parse_frame(&self) {} pub fn flush_queue(&self) {} pub fn reconnect_peer(&self) {} pub fn drain(&self) {}";
    Written::app(&format!(
        "//- src/lib.rs
pub mod client {{ pub struct Client; impl Client {{ {methods} }} }}
pub mod client_v2 {{ pub struct Client; impl Client {{ {methods} }} }}
"
    ))
}

const NONE: [&str; 0] = [];

#[test]
fn a_pair_that_nobody_knows_fails_with_its_reasons_and_a_rule() {
    let report = two_clients().audit().discover(4, NONE).run().expect("it runs");
    let found: Vec<_> = report
        .failing()
        .map(|finding| (finding.rule, &*finding.place, &*finding.target))
        .collect();
    assert_eq!(
        found,
        [(Rule::Competing, "app::client::Client", "app::client_v2::Client")]
    );
    let finding = &report.findings[0];
    assert!(
        finding
            .notes
            .iter()
            .any(|note| note.contains("4 methods of the same names")),
        "{:?}",
        finding.notes
    );
    let help = finding.help.as_deref().expect("it says what to do");
    assert!(
        help.contains("[[superseded]]\nitems = [\"app::client::Client\"]"),
        "{help}"
    );
}

#[test]
fn a_known_pair_passes_and_a_higher_score_leaves_it_out() {
    let known = ["app::client::Client <-> app::client_v2::Client: until the peers speak v2, #7"];
    let report = two_clients().audit().discover(4, known).run().expect("it runs");
    assert_eq!(report.findings, []);
    let report = two_clients().audit().discover(9, NONE).run().expect("it runs");
    assert_eq!(report.findings, []);
}

#[test]
fn a_known_pair_that_is_gone_is_a_mistake() {
    let known = ["app::client::Client <-> app::client_v3::Client: gone since"];
    let error = two_clients()
        .audit()
        .discover(4, known)
        .run()
        .expect_err("there is no such pair");
    assert!(matches!(error, Error::Configuration { count: 1, .. }), "{error}");
}

/// What was written by a version has to be read for ever: numbers below `versions` are kept on purpose, and two folders are one pair.
#[test]
fn versions_of_a_format_are_told_once_and_count_less() {
    let methods = "pub fn parse_frame(&self) {} pub fn flush_queue(&self) {} pub fn reconnect_peer(&self) {} pub fn drain(&self) {}";
    let version = |name: &str| {
        format!(
            "pub mod {name} {{ pub struct Catalog; impl Catalog {{ {methods} }} pub struct Limits; impl Limits {{ {methods} }} }}"
        )
    };
    let pairs = |parent: &str| {
        let written = Written::app(&format!(
            "//- src/lib.rs\npub mod store {{ pub mod disk {{ pub mod {parent} {{ {} {} }} }} }}\n",
            version("v2"),
            version("v3")
        ));
        let report = written.audit().discover(0, NONE).run().expect("it runs");
        let pairs = report
            .findings
            .iter()
            .map(|finding| (finding.target.clone(), finding.notes.join("\n")));
        pairs.collect::<Vec<_>>()
    };
    let [(target, notes)] = &pairs("handler")[..] else {
        panic!("one pair of folders");
    };
    assert_eq!(target, "app::store::disk::handler::v3::Catalog");
    assert!(
        notes.contains("and 1 more such pair") && !notes.contains("on purpose"),
        "{notes}"
    );
    let [(_, notes)] = &pairs("versions")[..] else {
        panic!("one pair of folders");
    };
    assert!(notes.contains("-3.0  numbers below `versions`"), "{notes}");
}

#[test]
fn what_documentation_declares_comes_first_with_the_rule_that_it_asks_for() {
    let written = Written::app(
        "//- src/lib.rs
pub mod new;
pub mod old;
//- src/new.rs
pub struct Engine;
pub fn start() {}
//- src/old.rs
//! SSOT: superseded by `crate::new`
use super::new;
/// The first one.
/// SSOT: superseded by [`new::Engine`].
pub struct Motor;
/// SSOT: superseded by gone::away
pub fn begin() {}
",
    );
    let found = ssot_audit::discover(written.path(), 40, false).expect("there is a workspace");
    let pairs: Vec<_> = found
        .pairs
        .iter()
        .map(|pair| (pair.class, &*pair.old, &*pair.new, pair.reasons.len()))
        .collect();
    assert_eq!(
        pairs,
        [
            ("declared", "app::old", "app::new", 1),
            ("declared", "app::old::Motor", "app::new::Engine", 1),
            ("declared", "app::old::begin", "gone::away", 2),
        ]
    );
    assert!(
        found.text().contains("2. app::old::Motor (declared)\n"),
        "{}",
        found.text()
    );
    let rules = found.rules("items = [\"app::old\"]");
    assert!(!rules.contains("items = [\"app::old\"]"), "{rules}");
    let wanted =
        "[[superseded]]\nitems = [\"app::old::Motor\"]\nby = \"app::new::Engine\"\nallow-in = [\"app::old\"]";
    assert!(rules.contains(wanted), "{rules}");
}
