//! Ways around by other files and other crates.

use ssot_audit::Rule;

use super::base::{BASE, audited};
use crate::workspaces::{Written, manifest};

#[test]
fn an_implementation_in_another_crate_is_found_under_any_name_of_the_dependency() {
    for (dependency, path) in [
        ("app = { path = \"..\" }", "app::engine::Engine"),
        (
            "renamed = { package = \"app\", path = \"..\" }",
            "renamed::engine::Engine",
        ),
        ("app = { path = \"..\" }", "::app::engine::Engine"),
    ] {
        let member = manifest("user", &format!("[dependencies]\n{dependency}"));
        let root = manifest("app", "[workspace]\nmembers = [\"user\"]");
        let text = format!(
            "//- Cargo.toml\n{root}\n{BASE}//- src/bypass.rs\n\n//- user/Cargo.toml\n{member}\n//- user/src/lib.rs\n\
             pub struct L; impl {path} for L {{ fn run(&self) {{}} }}"
        );
        let report = audited(&Written::of(&text));
        let places: Vec<&str> = report.failing().map(|finding| &*finding.place).collect();
        assert_eq!(places, ["user::L"], "{dependency}");
    }
}

#[test]
fn files_are_followed_however_they_are_named() {
    let build = "pub fn f() { crate::engine::UserEngine::new(1); }";
    for (bypass, file) in [
        ("#[path = \"elsewhere/it.rs\"] mod it;", "src/elsewhere/it.rs"),
        ("include!(\"it.in\");", "src/it.in"),
        ("mod it;", "src/bypass/it.rs"),
        ("mod it;", "src/bypass/it/mod.rs"),
        ("mod inline { mod it; }", "src/bypass/inline/it.rs"),
        (
            "#[cfg_attr(windows, path = \"windows.rs\")] mod it;",
            "src/windows.rs",
        ),
    ] {
        let written = Written::app(&format!("{BASE}//- src/bypass.rs\n{bypass}\n//- {file}\n{build}"));
        let rules: Vec<Rule> = audited(&written).failing().map(|finding| finding.rule).collect();
        assert_eq!(rules, [Rule::Bypass], "{bypass} {file}");
    }
}

#[test]
fn an_extern_crate_under_another_name_is_followed() {
    let member = manifest("user", "[dependencies]\napp = { path = \"..\" }");
    let root = manifest("app", "[workspace]\nmembers = [\"user\"]");
    let text = format!(
        "//- Cargo.toml\n{root}\n{BASE}//- src/bypass.rs\n\n//- user/Cargo.toml\n{member}\n//- user/src/lib.rs\n\
         extern crate app as other;\npub fn f() {{ other::engine::UserEngine::new(1); }}"
    );
    let report = audited(&Written::of(&text));
    let places: Vec<&str> = report.failing().map(|finding| &*finding.place).collect();
    assert_eq!(places, ["user::f"]);
}
