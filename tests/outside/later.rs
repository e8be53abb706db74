//! A user asks for a tracing-test that is later than the one that this crate was tested with, and has other internals.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::crates::{Crate, cargo, without_ours};

static LATER: Crate = Crate::new("tracing-test-later", "later");

/// The sources of a dependency of this crate, by what cargo says of its build: it asks for nothing that this machine has not built
/// before, as `cargo metadata` does where other platforms or other packages of the workspace need more.
fn source(dependency: &str) -> PathBuf {
    let built = cargo(Path::new(env!("CARGO_MANIFEST_DIR")))
        .args(["test", "--no-run", "--lib", "--message-format=json"])
        .output()
        .unwrap();
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    let messages = String::from_utf8(built.stdout).unwrap();
    let manifest = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == dependency.replace('-', "_"))
        .find_map(|message| message["manifest_path"].as_str().map(PathBuf::from))
        .unwrap_or_else(|| panic!("cargo says where {dependency} is: {messages}"));
    manifest.parent().unwrap().to_owned()
}

/// The text with what differs in the later version; each part of it is there.
fn edited(mut text: String, edits: &[(&str, &str)]) -> String {
    for (from, to) in edits {
        assert!(text.contains(from), "{from:?} is not in it: {text}");
        text = text.replace(from, to);
    }
    text
}

/// Writes a file unless it is there already: a source that is written again is built again.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// A tracing-test 0.2.7 that keeps its `Once` to itself and installs its subscriber by a function of its own.
fn make_later(patched: &Path) {
    let numbered = [("0.2.6", "0.2.7")];
    let read = |dependency, file| fs::read_to_string(source(dependency).join(file)).unwrap();
    let library = |file| read("tracing-test", file);
    let put = |file: &str, text: String| write(&patched.join(file), &text);
    put(
        "tracing-test/Cargo.toml",
        edited(library("Cargo.toml"), &numbered),
    );
    put("tracing-test/src/subscriber.rs", library("src/subscriber.rs"));
    let renamed = [("pub mod internal;", "#[doc(hidden)]\npub mod machinery;")];
    put("tracing-test/src/lib.rs", edited(library("src/lib.rs"), &renamed));
    let private = [
        (
            "pub use crate::subscriber::{get_subscriber, MockWriter};",
            "use crate::subscriber::{get_subscriber, MockWriter};",
        ),
        ("pub static INITIALIZED", "static INITIALIZED"),
        ("pub fn global_buf", "fn global_buf"),
    ];
    let begin = "
pub fn begin(module: &str, is_filtered: bool) {
    INITIALIZED.call_once(|| {
        let krate = module.split(':').next().unwrap();
        let filter = if is_filtered { format!(\"{}=trace\", krate) } else { \"trace\".to_owned() };
        let subscriber = get_subscriber(MockWriter::new(global_buf()), &filter);
        tracing_core::dispatcher::set_global_default(subscriber).expect(\"there is another one\");
    });
}
";
    let internals = edited(library("src/internal.rs"), &private);
    put("tracing-test/src/machinery.rs", internals + begin);
    let manifest = read("tracing-test-macro", "Cargo.toml");
    put("tracing-test-macro/Cargo.toml", edited(manifest, &numbered));
    let attribute = read("tracing-test-macro", "src/lib.rs");
    let (before, installs) = attribute
        .split_once("tracing_test::internal::INITIALIZED")
        .unwrap();
    let (_, after) = installs.split_once("});").unwrap();
    let attribute =
        format!("{before}tracing_test::machinery::begin(module_path!(), !#no_env_filter);{after}");
    let renamed = [("tracing_test::internal", "tracing_test::machinery")];
    put("tracing-test-macro/src/lib.rs", edited(attribute, &renamed));
}

#[test]
fn logs_are_captured_beside_a_later_tracing_test_and_it_is_said_once() {
    make_later(&LATER.folder().join("patched"));
    let mut command = Command::new(LATER.program());
    command.current_dir(LATER.folder());
    without_ours(&mut command);
    let ran = command.output().unwrap();
    let said = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    assert!(ran.status.success(), "{said}");
    assert!(said.contains("2 passed"), "{said}");
    let note =
        "ssot: this version of tracing-test installs its subscriber in a way that ssot-harness does not know";
    assert_eq!(said.matches(note).count(), 1, "{said}");
}
