//! Every way in which a fail-first test can stand, in one project that is built once.

use std::fs;

use crate::ledger::Stage::{Green, Red};
use crate::projects::{Project, Ran, snapshot, test};

/// A project with a test for each verdict, and for each way in which a file of the ledger can be broken.
fn project() -> Project {
    let project = Project::package("verdicts-shop");
    let names = [
        "bills", "cards", "desks", "fares", "goods", "halts", "items", "jokes", "keys", "locks",
    ];
    let tests: String = names.map(|name| test("verdicts_shop", name)).concat();
    let ignored = test("verdicts_shop", "moods").replace("fn moods", "#[ignore = \"slow\"]\nfn moods");
    project.write("tests/desk.rs", &format!("{tests}{ignored}"));
    project.write("tests/dying.rs", &test("verdicts_shop", "notes"));
    let old = project.commit_days_ago("add tests", 3);
    let recent = project.commit_days_ago("more", 1);
    let ledger = project.ledger();
    let record =
        |name: &str, stage, revision: &str| ledger.record(&format!("{name}_are_not_shared"), stage, revision);
    let serve = |name: &str, text: &str| project.write(&format!("served/{name}"), text);

    record("bills", Green, &old);
    serve("bills", "fine");
    record("cards", Red, &format!("{recent}-dirty"));
    record("desks", Green, &recent);
    record("fares", Red, &recent);
    serve("fares", "fine");
    record("goods", Red, &recent);
    serve("goods", "sold out");
    // `halts` is not on record.
    let stale = record("items", Green, &old);
    let source = project.read(&stale);
    let source = source.lines().find(|line| line.starts_with("source")).unwrap();
    project.replace(&stale, source, "source = \"0123456789abcdef\"");
    let half = record("jokes", Green, &recent);
    let text = project.read(&half);
    project.write(&half, &text[..text.find("shape").unwrap()]);
    let newer = record("keys", Red, &recent);
    project.replace(&newer, "version = 1", "version = 2");
    let conflict = record("locks", Red, &recent);
    let text = project.read(&conflict);
    project.write(
        &conflict,
        &format!("<<<<<<< ours\n{text}=======\n{text}>>>>>>> theirs\n"),
    );
    record("moods", Red, &recent);
    record("notes", Green, &recent);
    serve("notes", "abort");
    project.write("fail-first/desk/gone/long_ago.toml", &text);
    project
}

#[test]
fn everything_that_is_amiss_is_told_with_what_to_do() {
    let project = project();
    let before = ledger(&project);

    let status = project.ssot(&["status"]);
    snapshot("status_verdicts", &status.shown(&project));
    let gate = project.ssot(&["gate", "--junit", "reports/ssot.xml"]);
    snapshot("gate_verdicts", &gate.shown(&project));
    snapshot("gate_verdicts_junit", &project.read("reports/ssot.xml"));
    let accept = project.ssot(&["accept", "_are_", "--quiet"]);
    snapshot("accept_verdicts", &accept.shown(&project));
    let after = ledger(&project);
    let accepted = "fail-first/desk/fares_are_not_shared.toml".to_owned();
    let others = |ledger: &[(String, String)]| {
        ledger
            .iter()
            .filter(|(file, _)| *file != accepted)
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(others(&after), others(&before), "nothing else was written");

    let (code, listing) = project.json(&["gate", "bills", "cards"]);
    assert_eq!((code, &listing["ok"]), (0, &true.into()), "{listing}");
    let (code, listing) = project.json(&["gate", "desks"]);
    assert_eq!((code, &listing["ok"]), (1, &false.into()), "{listing}");
    snapshot(
        "gate_json",
        &serde_json::to_string_pretty(&listing)
            .unwrap()
            .replace(&listing["tests"][0]["age_seconds"].to_string(), "[seconds]"),
    );
    colours(&project);
    a_full_device(&project);
}

fn colours(project: &Project) {
    let colourless = project.ssot(&["status", "bills"]);
    let coloured = project.ssot(&["status", "bills", "--color", "always"]);
    assert!(!colourless.out.contains('\u{1b}'), "{}", colourless.out);
    assert!(coloured.out.contains("\u{1b}[32mgreen"), "{}", coloured.out);
}

fn a_full_device(project: &Project) {
    let Ok(full) = fs::File::options().write(true).open("/dev/full") else {
        return; // There is no such device everywhere.
    };
    let mut command = project.command(&["status", "--quiet"]);
    let output = command.stdout(full).output().unwrap();
    let ran = Ran::from(output);
    assert_eq!(ran.code, 4, "{}", ran.err);
    assert_eq!(
        ran.err,
        "error: standard output cannot be written: No space left on device (os error 28); make room where it goes, and call \
         this again\n"
    );
}

fn ledger(project: &Project) -> Vec<(String, String)> {
    let folder = project.path().join("fail-first");
    let mut files = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(project.path()).unwrap().display().to_string();
                files.push((name, fs::read_to_string(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}
