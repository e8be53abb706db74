//! Tests of one path in several targets of one name, and entries of the ledger that no run can have written.

use crate::projects::{Project, manifest, test};

/// A package whose library, program, integration test and example have one name, with a test of one path in each.
fn project() -> Project {
    let project = Project::package("targets-shop");
    project.write(
        "Cargo.toml",
        &format!(
            "{}\n[[example]]\nname = \"targets_shop\"\ntest = true\n",
            manifest("targets-shop")
        ),
    );
    let within = |krate: &str, what: &str| {
        let test = test(krate, what).replace(&format!("fn {what}_are"), "fn they_are");
        format!("\n#[cfg(test)]\nmod tests {{\n{test}}}\n")
    };
    let library = project.read("src/lib.rs");
    project.write("src/lib.rs", &(library + &within("super", "libs")));
    project.write(
        "src/main.rs",
        &format!("fn main() {{}}\n{}", within("targets_shop", "bins")),
    );
    project.write(
        "examples/targets_shop.rs",
        &format!("fn main() {{}}\n{}", within("targets_shop", "examples")),
    );
    project.write("tests/targets_shop.rs", &within("targets_shop", "tests"));
    project.commit("the faults");
    project
}

#[test]
fn each_has_a_record_of_its_own() {
    let project = project();
    let red = project.cargo_test();
    assert_eq!(red.code, 0, "{}{}", red.out, red.err);
    let (_, listing) = project.json(&["status"]);
    let rows = listing["tests"].as_array().unwrap();
    assert_eq!(rows.len(), 4, "{listing}");
    let mut files: Vec<&str> = rows.iter().map(|row| row["ledger"].as_str().unwrap()).collect();
    files.sort_unstable();
    assert_eq!(
        files,
        [
            "fail-first/targets_shop+bin/tests/they_are_not_shared.toml",
            "fail-first/targets_shop+example/tests/they_are_not_shared.toml",
            "fail-first/targets_shop+lib/tests/they_are_not_shared.toml",
            "fail-first/targets_shop/tests/they_are_not_shared.toml",
        ]
    );
    for file in &files {
        assert!(project.path().join(file).is_file(), "{file}");
    }

    project.write("served/bins", "fine");
    let accepted = project.ssot(&["accept"]);
    assert_eq!(accepted.code, 0, "{}{}", accepted.out, accepted.err);
    let (_, listing) = project.json(&["gate"]);
    for row in listing["tests"].as_array().unwrap() {
        let verdict = if row["ledger"].as_str().unwrap().contains("+bin") {
            "green"
        } else {
            "red"
        };
        assert_eq!(row["verdict"], verdict, "{row}");
    }
    forged(&project);
}

/// Whoever writes an entry that contradicts itself is told so, by the command and by the test.
fn forged(project: &Project) {
    let file = "fail-first/targets_shop+bin/tests/they_are_not_shared.toml";
    let honest = project.read(file);
    for (from, to, words) in [
        (
            "kind = \"assertion\"",
            "kind = \"context-leak\"",
            "it declares the message \"bins are shared\", and its evidence is a context-leak",
        ),
        ("[green]", "[green] # by hand", ""),
        (
            "bins are shared\"\nrevision",
            "carts are lost\"\nrevision",
            "and its evidence says",
        ),
        (
            "seen = \"run\"\n\n[green]",
            "seen = \"prove\"\n\n[green]",
            "it was seen red by prove and green by run",
        ),
    ] {
        project.write(file, &honest);
        let (kind, shape) = (honest.find("kind = ").unwrap(), honest.find("shape = ").unwrap());
        assert!(kind < shape);
        let text = if words.contains("says") {
            let line = honest.lines().find(|line| line.starts_with("shape = ")).unwrap();
            honest.replace(line, "shape = \"carts are lost\"")
        } else {
            assert!(honest.contains(from), "{from}: {honest}");
            honest.replace(from, to)
        };
        project.write(file, &text);
        for command in ["status", "gate"] {
            let ran = project.ssot(&[command]);
            if words.is_empty() {
                assert!(!ran.out.contains("unreadable"), "{}", ran.out);
            } else {
                assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
                assert!(
                    ran.out.contains("unreadable") && ran.out.contains(words),
                    "{}",
                    ran.out
                );
            }
        }
        let ran = project.cargo_test();
        assert_eq!(ran.code == 0, words.is_empty(), "{}{}", ran.out, ran.err);
        assert!(ran.out.contains(words), "{}", ran.out);
        assert_eq!(project.read(file), text, "it is left as it is");
    }
}
