//! `cargo ssot audit`, and its part in the gate.

use crate::projects::{Project, Ran};

const SHOP: &str = "\
pub mod engine {
    pub trait Engine {}
    pub struct User;
    impl Engine for User {}
}
pub mod old {
    pub struct Legacy;
    impl crate::engine::Engine for Legacy {}
}
";

const RULES: &str = "\
[[role]]
name = \"engine\"
trait = \"audited::engine::Engine\"
canonical = \"audited::engine::User\"
";

/// A package without the harness, with a second implementation.
fn shop() -> Project {
    let project = Project::empty();
    project.remove("Cargo.lock");
    let manifest = "[package]\nname = \"audited\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    project.write("Cargo.toml", manifest);
    project.write("src/lib.rs", SHOP);
    project.write("ssot.toml", RULES);
    project
}

fn code(project: &Project, arguments: &[&str]) -> i32 {
    project.ssot(arguments).code
}

#[test]
fn a_finding_fails_until_it_is_accepted_and_its_end_until_the_baseline_is_tightened() {
    let project = shop();
    let Ran {
        code: status,
        out,
        err,
    } = project.ssot(&["audit"]);
    assert_eq!((status, &*err), (1, ""), "{out}");
    assert!(
        out.contains("error[SSOT001]: second implementation of role `engine`"),
        "{out}"
    );
    assert!(out.contains("src/lib.rs:8:5"), "{out}");
    assert_eq!(code(&project, &["audit", "--allow-growth", "known, #1"]), 0);
    assert!(
        project
            .read("ssot.lock")
            .contains("SSOT001\taudited::old::Legacy\taudited::engine::Engine\t")
    );
    assert_eq!(code(&project, &["audit", "--locked"]), 0);
    project.replace("src/lib.rs", "    impl crate::engine::Engine for Legacy {}\n", "");
    assert_eq!(code(&project, &["audit"]), 1);
    assert_eq!(code(&project, &["audit", "--tighten"]), 0);
    assert_eq!(code(&project, &["audit", "--locked"]), 0);
}

#[test]
fn a_move_is_refused_where_the_baseline_is_locked_as_it_is_in_ci() {
    let project = shop();
    assert_eq!(code(&project, &["audit", "--allow-growth", "known"]), 0);
    project.replace("src/lib.rs", "pub mod old", "pub mod elsewhere");
    assert_eq!(code(&project, &["audit"]), 0);
    assert_eq!(code(&project, &["audit", "--locked"]), 1);
    let mut in_ci = project.command(&["audit"]);
    assert_eq!(Ran::of(in_ci.env("CI", "true")).code, 1);
    assert_eq!(code(&project, &["audit", "--accept-moves"]), 0);
    assert_eq!(code(&project, &["audit", "--locked"]), 0);
}

#[test]
fn every_format_is_printed_and_each_finding_explained() {
    let project = shop();
    for (format, said) in [
        ("json", "\"rule\": \"SSOT001\""),
        ("sarif", "\"version\": \"2.1.0\""),
        ("github", "::error file=src/lib.rs,line=8,col=5,"),
        ("text", "error[SSOT001]"),
    ] {
        let ran = project.ssot(&["audit", "--format", format]);
        assert_eq!(ran.code, 1);
        assert!(ran.out.contains(said), "{format}: {}", ran.out);
    }
    let ran = project.ssot(&["audit", "--explain", "ssot003"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.starts_with("SSOT003 bypassed-path\n"), "{}", ran.out);
    let ran = project.ssot(&["audit", "--explain", "SSOT9"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("there is no finding `SSOT9`"), "{}", ran.err);
}

#[test]
fn wrong_input_ends_with_what_to_do() {
    let project = shop();
    project.write("ssot.toml", &RULES.replace("engine::User", "engine::Usr"));
    let ran = project.ssot(&["audit"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("did you mean `audited::engine::User`?"),
        "{}",
        ran.err
    );
    project.write("ssot.toml", RULES);
    project.write("ssot.lock", "<<<<<<< HEAD\n");
    let ran = project.ssot(&["audit"]);
    assert_eq!(ran.code, 4);
    assert!(
        ran.err.contains("ssot.lock:1: a merge left its conflict marks"),
        "{}",
        ran.err
    );
    project.remove("ssot.lock");
    project.write("src/lib.rs", &format!("{SHOP}pub mod bad;\n"));
    project.write("src/bad.rs", "fn (");
    let ran = project.ssot(&["audit"]);
    assert_eq!(ran.code, 1, "there is a finding, too");
    assert!(ran.out.contains("src/bad.rs:1: "), "{}", ran.out);
    project.remove("ssot.toml");
    let ran = project.ssot(&["audit"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--discover --write"), "{}", ran.err);
    for arguments in [
        ["audit", "--locked", "--tighten"],
        ["audit", "--allow-growth", " "],
    ] {
        assert_eq!(code(&project, &arguments), 2);
    }
}

#[test]
fn what_looks_like_two_of_one_is_listed_and_its_rules_are_written_once() {
    let project = shop();
    project.remove("ssot.toml");
    let methods = "pub fn parse_frame(&self) {} pub fn flush_queue(&self) {} pub fn reconnect(&self) {}";
    project.write(
        "src/lib.rs",
        &format!(
            "pub mod client {{ pub struct Client; impl Client {{ {methods} }} }}\n\
             pub mod client_v2 {{ pub struct Client; impl Client {{ {methods} }} }}\n"
        ),
    );
    let listed = project.ssot(&["audit", "--discover", "--min-score", "2"]);
    assert_eq!(listed.code, 0);
    assert!(
        listed
            .out
            .contains("audited::client::Client (migration/behaviour"),
        "{}",
        listed.out
    );
    let write = ["audit", "--discover", "--min-score", "2", "--write"];
    assert!(project.ssot(&write).out.contains("added 1 rule to ssot.toml"));
    let rules = project.read("ssot.toml");
    assert!(
        rules.contains("[[superseded]]\nitems = [\"audited::client::Client\"]"),
        "{rules}"
    );
    assert!(project.ssot(&write).out.contains("names all of them already"));
    assert_eq!(project.read("ssot.toml"), rules);
    assert_eq!(
        code(&project, &["audit"]),
        0,
        "the rules that it writes are rules"
    );
}

#[test]
fn the_gate_audits_a_project_that_has_rules() {
    let project = shop();
    let ran = project.ssot(&["gate"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.contains("error[SSOT001]"), "{}", ran.out);
    let ran = project.ssot(&["gate", "--json"]);
    assert!(ran.out.contains("\"ok\": false"), "{}", ran.out);
    assert!(ran.out.contains("\"audit\": {"), "{}", ran.out);
    assert_eq!(code(&project, &["audit", "--allow-growth", "known"]), 0);
    assert_eq!(code(&project, &["gate"]), 0);
    project.remove("ssot.toml");
    assert_eq!(
        code(&project, &["gate"]),
        2,
        "without rules there is nothing to judge"
    );
}
