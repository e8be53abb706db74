//! What a proven test stands on: each edit of it is told, with the file, by the command and by the test itself; what is no edit
//! is not.

use crate::projects::{Project, Ran, manifest};

/// A test for each thing that a test may stand on.
const DESK: &str = include_str!("covered/desk.rs.txt");

fn project() -> Project {
    let project = Project::package("covered-shop");
    let dev =
        "rstest = { version = \"0.28\", default-features = false }\ncovered-fake = { path = \"fake\" }\n";
    project.write(
        "Cargo.toml",
        &manifest("covered-shop").replace("\n[workspace]", &format!("{dev}\n[workspace]")),
    );
    project.write(
        "fake/Cargo.toml",
        "[package]\nname = \"covered-fake\"\nedition = \"2024\"\n",
    );
    project.write(
        "fake/src/lib.rs",
        "mod words;\n\npub fn expected() -> &'static str {\n    words::fine()\n}\n",
    );
    project.write(
        "fake/src/words.rs",
        "pub fn fine() -> &'static str {\n    \"fine\"\n}\n",
    );
    let helper = |name: &str| {
        format!("pub fn {name}(what: &str) {{\n    assert_eq!(covered_shop::serve(what), \"fine\");\n}}\n")
    };
    project.write("tests/common/mod.rs", &helper("exact_in_module"));
    project.write("tests/support/elsewhere.rs", &helper("exact_elsewhere"));
    project.write("tests/support/included.rs", &helper("exact_and_included"));
    project.write("testdata/expected.txt", "fine\n");
    project.write("tests/desk.rs", DESK);
    project.commit("the fault");
    let red = project.cargo_test();
    assert_eq!(red.code, 0, "{}{}", red.out, red.err);
    project.write("served/bills", "fine");
    project.commit("the fix");
    let accepted = project.ssot(&["accept"]);
    assert_eq!(accepted.code, 0, "{}{}", accepted.out, accepted.err);
    project.commit("green");
    project
}

/// The edits, each of what one test stands on: file, what is there, what is there after it, the test, and what is named.
const EDITS: [(&str, &str, &str, &str, &str); 17] = [
    (
        "tests/desk.rs",
        "fn exact(what: &str) {\n    assert_eq!(serve(what), \"fine\");\n}",
        "fn exact(_: &str) {}",
        "it_calls_a_helper",
        "tests/desk.rs",
    ),
    (
        "tests/common/mod.rs",
        "    assert_eq!(covered_shop::serve(what), \"fine\");\n",
        "    let _ = what;\n",
        "it_calls_a_helper_of_a_module",
        "tests/common/mod.rs",
    ),
    (
        "tests/support/elsewhere.rs",
        "\"fine\"",
        "covered_shop::serve(what)",
        "it_calls_a_helper_elsewhere",
        "tests/support/elsewhere.rs",
    ),
    (
        "tests/support/included.rs",
        "\"fine\"",
        "covered_shop::serve(what)",
        "it_calls_a_helper_that_is_included",
        "tests/support/included.rs",
    ),
    (
        "tests/desk.rs",
        "($what:literal) => {\n        assert_eq!(serve($what), \"fine\");\n    };",
        "($what:literal) => {};",
        "it_calls_a_macro",
        "tests/desk.rs",
    ),
    (
        "tests/desk.rs",
        "fn $name() {\n            assert_eq!(serve($what), \"fine\");",
        "fn $name() {\n            let _ = serve($what);",
        "it_is_made_by_a_macro",
        "tests/desk.rs",
    ),
    (
        "fake/src/words.rs",
        "\"fine\"",
        "\"fi\\u{6e}e\"",
        "it_stands_on_a_fake",
        "fake/src/words.rs",
    ),
    (
        "testdata/expected.txt",
        "fine",
        " fine",
        "it_reads_a_file",
        "testdata/expected.txt",
    ),
    (
        "tests/desk.rs",
        "Self(serve(what))",
        "Self(what.replace(what, \"fine\"))",
        "it_uses_a_type",
        "tests/desk.rs",
    ),
    (
        "tests/desk.rs",
        "fn check_it(&self) {\n        assert_eq!(self, \"fine\");",
        "fn check_it(&self) {\n        assert_eq!(self, self);",
        "it_calls_a_method_of_a_trait",
        "tests/desk.rs",
    ),
    (
        "tests/desk.rs",
        "fn it_has_cases(#[case] what: &str) {\n    assert_eq!(serve(what), \"fine\");",
        "fn it_has_cases(#[case] what: &str) {\n    let _ = what;",
        "it_has_cases::case_1_bills",
        "tests/desk.rs",
    ),
    (
        "tests/desk.rs",
        "fn it_has_values(#[values(\"bills\")] what: &str) {\n    assert_eq!(serve(what), \"fine\");",
        "fn it_has_values(#[values(\"bills\")] what: &str) {\n    let _ = what;",
        "it_has_values::what_1___bills__",
        "tests/desk.rs",
    ),
    (
        "tests/desk.rs",
        "fn opened() -> String {\n    \"bills\".to_owned()",
        "fn opened() -> String {\n    \"bills\".to_uppercase().to_lowercase()",
        "it_has_a_fixture",
        "tests/desk.rs",
    ),
    (
        "tests/desk.rs",
        "shop#2",
        "shop#3",
        "its_issue_is_another",
        "its issue, shop#2 before",
    ),
    (
        "tests/desk.rs",
        "expect_message = \"bills are shared\"",
        "expect_message = \"bills are\"",
        "its_expectation_is_another",
        "what it declares, \"bills are shared\" before",
    ),
    // Neither of these two is anything that a test stands on.
    (
        "tests/desk.rs",
        "use rstest::{fixture, rstest};",
        "use rstest::{rstest, fixture};",
        "",
        "",
    ),
    ("src/lib.rs", "//! A shop", "//! The shop", "", ""),
];

/// The verdict on each test, and what was edited of it.
fn standing(project: &Project) -> Vec<(String, String, Vec<String>)> {
    let (_, listing) = project.json(&["status"]);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let rows = listing["tests"].as_array().unwrap_or_else(|| panic!("{listing}"));
    rows.iter()
        .map(|row| {
            let edited = row["edited"].as_array().into_iter().flatten().map(text);
            (text(&row["test"]), text(&row["verdict"]), edited.collect())
        })
        .collect()
}

#[test]
fn each_edit_of_what_a_test_stands_on_is_told_and_nothing_else_is() {
    let project = project();
    let before = standing(&project);
    assert_eq!(before.len(), 16, "{before:?}");
    assert!(
        before.iter().all(|(_, verdict, _)| verdict == "green"),
        "{before:?}"
    );

    lay_out_anew(&project);
    let laid_out = standing(&project);
    assert!(
        laid_out.iter().all(|(_, verdict, _)| verdict == "green"),
        "{laid_out:?}"
    );
    project.git(&["checkout", "--quiet", "--", "."]);

    for (file, from, to, _, _) in EDITS {
        project.replace(file, from, to);
    }
    let after = standing(&project);
    for (test, verdict, edited) in &after {
        let edit = EDITS.iter().find(|(.., edited_test, _)| edited_test == test);
        match edit {
            None => assert_eq!((&**test, &**verdict), ("it_is_untouched", "green"), "{edited:?}"),
            Some((.., named)) => {
                assert_eq!(verdict, "stale", "{test}");
                let of_others = |edited: &&String| **edited != **named && *edited != "tests/desk.rs";
                assert!(edited.contains(&(*named).to_owned()), "{test}: {edited:?}");
                assert_eq!(edited.iter().find(of_others), None, "{test}: {edited:?}");
            }
        }
    }

    let gate = project.ssot(&["gate", "it_calls_a_helper_of_a_module"]);
    assert_eq!(gate.code, 1);
    assert!(
        gate.out.contains("it was edited since (tests/common/mod.rs):"),
        "{}{}",
        gate.out,
        gate.err
    );
    // A plain run of the tests notices as much.
    let ran: Ran = project.cargo_test();
    assert_ne!(ran.code, 0);
    for said in [
        "edited since: tests/common/mod.rs",
        "edited since: fake/src/words.rs",
    ] {
        assert!(ran.out.contains(said), "{said}: {}{}", ran.out, ran.err);
    }
    assert!(ran.out.contains("test it_is_untouched ... ok"), "{}", ran.out);
}

/// As rustfmt does with other settings, and with comments everywhere.
fn lay_out_anew(project: &Project) {
    for file in ["tests/desk.rs", "tests/common/mod.rs", "fake/src/lib.rs"] {
        let text = project.read(file);
        let text = text
            .replace("{\n", "{ // a comment\n")
            .replace("fn ", "/* and\n another */ fn ");
        project.write(file, &format!("{text}\n// The end.\n"));
    }
    project.replace(
        "tests/desk.rs",
        "\"fine\" => (),\n        other => panic!(\"{other}\"),",
        "\"fine\" => {\n            ()\n        }\n        other => { panic!(\"{other}\",) }",
    );
    project.replace(
        "tests/desk.rs",
        "#[rstest]\n#[case::bills(\"bills\")]",
        "/// With documentation.\n#[rstest]\n#[case::bills(\n    \"bills\",\n)]",
    );
}

/// A test among the product's own source stands on what is there for tests, and not on the product: its fix is no edit.
#[test]
fn a_test_of_the_product_stands_on_what_is_there_for_tests() {
    let project = Project::package("covered-units");
    let library = project.read("src/lib.rs");
    project.write(
        "src/lib.rs",
        &format!(
            "{library}\npub fn bill() -> u32 {{\n    2\n}}\n\n#[cfg(test)]\nmod support;\n\n#[cfg(test)]\nmod tests {{\n    use \
             super::bill;\n\n    fn exact(found: u32) {{\n        assert_eq!(found, 1, \"bills are shared\");\n    }}\n\n    \
             #[ssot_harness::test(fail_first(issue = \"shop#1\", expect_message = \"bills are shared\"))]\n    fn helped() {{\n        \
             exact(bill());\n    }}\n\n    #[ssot_harness::test(fail_first(issue = \"shop#1\", expect_message = \"bills are \
             shared\"))]\n    fn supported() {{\n        super::support::exact_there(bill());\n    }}\n}}\n"
        ),
    );
    project.write(
        "src/support.rs",
        "pub(crate) fn exact_there(found: u32) {\n    assert_eq!(found, 1, \"bills are shared\");\n}\n",
    );
    let red = project.cargo_test();
    assert_eq!(red.code, 0, "{}{}", red.out, red.err);
    project.replace("src/lib.rs", "    2\n", "    1\n");
    let accepted = project.ssot(&["accept"]);
    assert_eq!(accepted.code, 0, "{}{}", accepted.out, accepted.err);
    project.replace("src/lib.rs", "    1\n", "    3 - 2\n");
    let before = standing(&project);
    assert!(
        before.len() == 2 && before.iter().all(|(_, verdict, _)| verdict == "green"),
        "{before:?}"
    );
    project.replace("src/support.rs", "found, 1", "found, found");
    let after = standing(&project);
    let expected = [
        ("tests::helped", "green", Vec::new()),
        ("tests::supported", "stale", vec!["src/support.rs"]),
    ];
    for ((test, verdict, edited), expected) in after.iter().zip(expected) {
        let edited: Vec<&str> = edited.iter().map(String::as_str).collect();
        assert_eq!((&**test, &**verdict, edited), expected);
    }
}

/// What a red test stands on may be what is fixed; who accepts it is told of that, and it is edited after it is green.
#[test]
fn a_red_test_may_be_fixed_in_what_it_stands_on() {
    let project = Project::package("covered-red");
    project.write(
        "tests/desk.rs",
        "mod common;\n\n#[ssot_harness::test(fail_first(issue = \"shop#1\", expect_message = \"bills are shared\"))]\nfn helped() {\n    \
         common::exact();\n}\n",
    );
    let common = "pub fn exact() {\n    assert_eq!(covered_red::serve(\"bills\"), \"fine\");\n}\n";
    project.write("tests/common/mod.rs", common);
    assert_eq!(project.cargo_test().code, 0);
    project.write("tests/common/mod.rs", "pub fn exact() {}\n");
    let ran = project.cargo_test();
    assert!(
        ran.code != 0
            && ran
                .out
                .contains("what it stands on was edited since: tests/common/mod.rs"),
        "{}{}",
        ran.out,
        ran.err
    );
    let gate = project.ssot(&["gate"]);
    assert!(
        gate.code == 1
            && gate.out.contains("to-accept")
            && gate.out.contains("edited since (tests/common/mod.rs)"),
        "{}",
        gate.out
    );
    assert_eq!(project.ssot(&["accept"]).code, 0);
    assert_eq!(project.ssot(&["gate"]).code, 0);
    project.write("tests/common/mod.rs", common);
    assert_eq!(standing(&project)[0].1, "stale");
}
