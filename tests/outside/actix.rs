//! A crate outside the workspace has clients for an actix-web application, and the book shows how.

use std::fs;
use std::path::Path;

use crate::crates::{Crate, cargo_with_downloads, profile};

static NOTES: Crate = Crate::new("actix_app", "notes");

/// actix-web is no dependency of this workspace, and may not be there; where `SSOT_REQUIRE` names `model-clients`, it is downloaded too.
#[test]
fn an_application_of_actix_web_is_checked() {
    let folder = NOTES.copy();
    let Some(mut run) = cargo_with_downloads(&folder, "actix-web") else {
        return;
    };
    let ran = run
        .args(["test", "--test", "notes", "--profile"])
        .arg(profile())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    assert!(ran.status.success() && printed.contains("2 passed"), "{printed}");
}

#[test]
fn the_book_shows_the_code_that_is_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let test = fs::read_to_string(root.join("fixtures/actix_app/tests/notes.rs")).unwrap();
    let (_, shown) = test.split_once("// The book begins here.\n").unwrap();
    let (shown, _) = shown.split_once("// The book ends here.\n").unwrap();
    let page = fs::read_to_string(root.join("book/src/http.md")).unwrap();
    assert!(
        page.contains(&format!("```text\n{shown}```\n")),
        "copy this into book/src/http.md: {shown}"
    );
}
