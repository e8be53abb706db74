//! `cargo ssot prove` on one repository that holds a test for every way in which a suite of fail-first tests was seen to be
//! worth nothing.

use std::fs;

use tempfile::TempDir;

use crate::projects::{Project, Ran, snapshot, test};

/// Tests that compile before the fix and after it, each worth something or not in a way of its own.
const WAYS: &str = r#"
use std::future::pending;

use ssot_harness::prelude::*;
use ssot_harness::{case::{NotProven, Proof}, prove_between};
use prove_ways::serve;

/// It was never seen to fail.
#[ssot_harness::test(fail_first(issue = "shop#1", expect_message = "carts are shared"))]
fn it_holds_no_test() {}

/// It cannot fail: what it looks at is its own.
#[ssot_harness::test(fail_first(issue = "shop#2", expect_message = "carts are shared"))]
fn it_tests_its_own_fake() {
    let fake = |_: &str| "fine".to_owned();
    assert_eq!(fake("carts"), "fine");
}

#[ssot_harness::test(fail_first(issue = "shop#3", expect_message = "prices are shared"))]
fn it_fails_for_another_reason() {
    let price: u32 = serve("prices").parse().expect("a price is a number");
    assert_eq!(price, 12, "prices are shared");
}

#[ssot_harness::test(fail_first(issue = "shop#4", expect_message = "is not shared"))]
fn it_is_inverted() {
    let served = serve("histories");
    assert!(served.contains("shared"), "{served} is not shared");
}

#[ssot_harness::test(fail_first(issue = "shop#5", expect_message = "histories are shared"))]
#[ignore = "some day"]
fn it_is_skipped() {
    assert_eq!(serve("histories"), "fine");
}

struct Broken;

#[async_trait]
impl SsotAsyncTestCase for Broken {
    async fn set_up(_: &Case) -> CaseResult<Self> {
        Err(std::io::Error::other("histories are shared, and the service is not there").into())
    }
    async fn tear_down(self, _: &Case) -> CaseResult {
        Ok(())
    }
}

#[ssot_harness::test(fail_first(issue = "shop#6", expect_message = "histories are shared"))]
async fn its_set_up_fails_before_and_after(_: &mut Broken) {
    assert_eq!(serve("histories"), "fine");
}

#[ssot_harness::test(timeout = "50ms", fail_first(issue = "shop#7", expect_message = "histories are shared"))]
async fn it_waits_for_ever() {
    pending::<()>().await;
}

#[ssot_harness::test(fail_first(issue = "shop#8", expect = "context-leak"))]
fn nobody_sees_a_secret() -> Verdict {
    isolation(async || ())
        .users(2, async |user: &User, (): &()| {
            user.saw(Surface::Reply, &serve("histories"));
            Ok(())
        })
        .check()
}

/// What it does follows from how often it ran in this checkout.
#[ssot_harness::test(fail_first(issue = "shop#9", expect_message = "histories are shared"))]
fn it_is_flaky() {
    let ran = concat!(env!("CARGO_MANIFEST_DIR"), "/target/it_is_flaky");
    let is_first = !std::path::Path::new(ran).exists();
    std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/target")).unwrap();
    std::fs::write(ran, "").unwrap();
    if is_first {
        assert_eq!(serve("histories"), "fine");
    }
}

#[ssot_harness::test(fail_first(issue = "shop#10", expect_message = "orders are shared"))]
fn it_fails_here_too_and_otherwise() {
    assert_eq!(serve("orders"), "fine");
}

/// What it declares is not fixed yet.
#[ssot_harness::test(fail_first(issue = "shop#11", expect_message = "invoices are shared"))]
fn it_is_still_red() {
    assert_eq!(serve("invoices"), "fine");
}

#[ssot_harness::test(fail_first(issue = "shop#12", expect_message = "two desks are shared"))]
fn it_shows_both_sides_by_itself() -> Result<Proof, NotProven> {
    prove_between("two desks are shared", "fine", |served| assert_eq!(served, "fine"))
}
"#;

/// What only the fix brought.
const NEW: &str = r#"
#[ssot_harness::test(fail_first(issue = "shop#13", expect_message = "histories are shared"))]
fn it_does_not_compile_without_the_fix() {
    assert_eq!(prove_ways::serve_afresh("histories"), "fine");
}
"#;

/// A test among the product's own source.
const INSIDE: &str = r#"
/// What the fix brought.
pub fn serve_afresh(what: &str) -> String {
    serve(what)
}

#[cfg(test)]
mod tests {
    #[ssot_harness::test(fail_first(issue = "shop#14", expect_message = "histories are shared"))]
    fn it_is_the_products_own() {
        assert_eq!(super::serve("histories"), "fine");
    }
}
"#;

/// One more test that is worth something: there are twenty in all.
fn proper(number: u32) -> String {
    format!(
        "\n#[ssot_harness::test(fail_first(issue = \"shop#16\", expect_message = \"histories are shared\"))]\n\
         fn histories_are_not_shared_{number}() {{\n    assert_eq!(prove_ways::serve(\"histories\"), \"fine\");\n}}\n"
    )
}

/// A repository with a fault at its first commit and its fix at the second, with the tests of it.
fn ways() -> (Project, String) {
    let project = Project::package("prove-ways");
    project.write("tests/old.rs", "mod gone;\n");
    project.write("tests/gone.rs", "");
    project.write("served/aborts", "abort");
    let base = project.commit("the fault");
    project.git(&["switch", "--quiet", "--create", "fix"]);
    let library = project.read("src/lib.rs");
    project.write("src/lib.rs", &format!("{library}{INSIDE}"));
    project.write("served/histories", "fine");
    project.write("served/prices", "12");
    project.write("served/orders", "closed");
    project.write("served/aborts", "fine");
    project.remove("tests/old.rs");
    project.remove("tests/gone.rs");
    let more: String = (2..6).map(proper).collect();
    project.write("tests/proper.rs", &(test("prove_ways", "histories") + &more));
    project.write("tests/ways.rs", WAYS);
    project.write("tests/new.rs", NEW);
    project.write(
        "tests/dies.rs",
        "#[ssot_harness::test(fail_first(issue = \"shop#15\", expect_message = \"aborts are shared\"))]\n\
         fn it_takes_its_process_with_it() {\n    assert_eq!(prove_ways::serve(\"aborts\"), \"fine\");\n}\n",
    );
    project.commit("the fix");
    (project, base)
}

/// Calls the command so that each crate that is compiled meanwhile is told, by its name.
#[cfg(unix)]
fn compiled(project: &Project, arguments: &[&str]) -> (Ran, Vec<String>) {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = TempDir::new().unwrap();
    let (wrapper, log) = (folder.path().join("wrapper"), folder.path().join("log"));
    let script = format!("#!/bin/sh\necho \"$*\" >> '{}'\nexec \"$@\"\n", log.display());
    fs::write(&wrapper, script).unwrap();
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).unwrap();
    let mut ran = Ran::of(project.command(arguments).env("RUSTC_WRAPPER", &wrapper));
    // Other tests prove at the same time, in the folder that all build in.
    ran.err = ran.err.replace("ssot: waiting for another proof\n", "");
    let compiled = fs::read_to_string(log).unwrap();
    let krate = |line: &str| {
        let (_, rest) = line.split_once("--crate-name ")?;
        Some(rest.split(' ').next()?.to_owned())
    };
    (ran, compiled.lines().filter_map(krate).collect())
}

#[cfg(unix)]
#[test]
fn a_test_is_proven_only_if_it_fails_as_declared_before_the_fix_and_passes_after() {
    let (project, base) = ways();
    let (ran, compiled) = compiled(&project, &["prove", "--repeat", "2"]);
    snapshot("prove_ways", &ran.shown(&project));
    assert_eq!(ran.code, 1);

    for krate in ["proper", "ways", "new", "dies"] {
        let times = compiled.iter().filter(|compiled| *compiled == krate).count();
        assert_eq!(times, 2, "{krate} is compiled once on each side: {compiled:?}");
    }
    assert!(
        !compiled.contains(&"old".to_owned()),
        "a test that is gone is gone there too"
    );
    assert_eq!(project.git(&["worktree", "list"]).lines().count(), 1);

    let head = project.git(&["rev-parse", "HEAD"]);
    let proven = project.read("fail-first/proper/histories_are_not_shared.toml");
    assert!(
        proven.contains(&format!("revision = \"{base}\"\nseen = \"prove\"")),
        "{proven}"
    );
    assert!(
        proven.contains(&format!("[green]\nrevision = \"{head}\"\nseen = \"prove\"")),
        "{proven}"
    );
    let between = project.read("fail-first/ways/it_shows_both_sides_by_itself.toml");
    assert!(between.contains("seen = \"prove_between\""), "{between}");
    let recorded = fs::read_dir(project.path().join("fail-first/ways")).unwrap();
    assert_eq!(recorded.count(), 1, "what is not proven is not recorded");

    let ran = project.ssot(&["prove", "nothing_like_it"]);
    snapshot("prove_no_match", &ran.shown(&project));

    let (code, report) = project.json(&["prove", "its_set_up", "proper", "--junit", "junit.xml"]);
    assert_eq!((code, &report["ok"]), (1, &false.into()));
    let row = |index: usize, key: &str| report["tests"][index][key].clone();
    assert_eq!(report["base"]["revision"], *base);
    assert_eq!(
        (row(0, "verdict"), row(0, "recorded")),
        ("proven".into(), "known".into())
    );
    assert_eq!(
        (row(5, "verdict"), row(5, "place")),
        ("set-up-failed".into(), "base".into())
    );
    assert_eq!(
        project.read("fail-first/proper/histories_are_not_shared.toml"),
        proven
    );
    let junit = project.read("junit.xml");
    assert!(
        junit.contains("<failure message=\"its set-up failed at the base\" type=\"set-up-failed\">"),
        "{junit}"
    );
}
