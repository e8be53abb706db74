//! A reader of the README pastes the first test, and follows the guide: what both show is what is printed.

use std::fs;
use std::path::Path;

use crate::crates::{Crate, cargo, profile};

static SHOP: Crate = Crate::new("shop", "desk");

/// What is between `begin` and the end of its block of code; `begin` included.
fn block(page: &str, begin: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = fs::read_to_string(path).unwrap();
    let at = text
        .find(&format!("\n{begin}"))
        .unwrap_or_else(|| panic!("{page} has a line that begins with `{begin}`"));
    let (block, _) = text[at + 1..].split_once("\n```").unwrap();
    block.to_owned()
}

/// The text without what takes another time on another machine.
fn timeless(text: &str) -> String {
    let without = |line: &str| {
        let timed = ["with one user alone (", " executions ("];
        let found = timed.iter().find_map(|begin| line.split_once(begin));
        found.map_or(line, |(before, _)| before).to_owned() + "\n"
    };
    text.lines().map(without).collect()
}

/// Runs the test, and says whether it passed and what it printed.
fn run(folder: &Path) -> (bool, String) {
    let ran = cargo(folder)
        .args(["test", "--test", "desk", "--profile"])
        .arg(profile())
        .env("SSOT_REPORT", "1")
        .output()
        .unwrap();
    let printed = [ran.stdout, ran.stderr].concat();
    (ran.status.success(), timeless(&String::from_utf8_lossy(&printed)))
}

#[track_caller]
fn assert_printed(printed: &str, shown: &str) {
    let shown = timeless(shown);
    assert!(
        printed.contains(shown.trim_end()),
        "shown:\n{shown}\nprinted:\n{printed}"
    );
}

#[test]
fn what_the_readme_and_the_guide_show_is_what_is_printed() {
    const GUIDE: &str = "book/src/getting-started.md";
    let folder = SHOP.copy();
    if folder.join("ssot-regressions").exists() {
        fs::remove_dir_all(folder.join("ssot-regressions")).unwrap();
    }
    let (passed, printed) = run(&folder);
    assert!(!passed, "{printed}");
    assert_printed(&printed, &block(GUIDE, "Error: context-leak"));
    // The README leaves out how the failure was found.
    let readme = block("README.md", "Error: context-leak");
    let (leak, replay) = readme.split_once("how to replay it\n").unwrap();
    assert_printed(&printed, leak);
    assert_printed(&printed, replay);

    let file = folder.join("tests/desk.rs");
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(GUIDE)).unwrap();
    let (_, fixed) = text.split_once("## 5. The fix").expect("the guide has a fix");
    let (_, fixed) = fixed.split_once("```rust,test_harness\n").unwrap();
    let (fixed, _) = fixed.split_once("```").unwrap();
    fs::write(&file, fixed).unwrap();
    let (passed, printed) = run(&folder);
    assert!(passed, "{printed}");
    assert_printed(&printed, &block(GUIDE, "passed: 3 users stayed apart"));
}
