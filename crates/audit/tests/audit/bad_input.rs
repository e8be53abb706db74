//! Input that is wrong: clear errors, and nothing lost.

use std::fs;
use std::path::Path;

use ssot_audit::{Audit, Error, Failure, Rule};

use crate::workspaces::{Written, manifest, snapshot};

fn configured(written: &Written) -> Audit {
    written.audit().configured()
}

const SMALL: &str = "\
//- src/lib.rs
pub mod engine { pub trait Engine {} pub struct User; impl Engine for User {} }
pub mod old { pub struct Legacy; impl crate::engine::Engine for Legacy {} }
//- ssot.toml
[[role]]
name = \"engine\"
trait = \"app::engine::Engine\"
canonical = \"app::engine::User\"
";

#[test]
fn all_mistakes_of_a_configuration_are_told_at_once() {
    let written = Written::app(SMALL);
    written.write(
        "ssot.toml",
        r#"[audit]
deprecatd = true

[[role]]
name = "engine"
trait = "app::engin::Engine"
canonical = "app::engine::User"
implemented_by = ["x"]

[[role]]
name = "type"
trait = "app::engine::User"
implemented-by = [1]

[[redirect]]
modules = ["app::old::Legacy"]
to = "app::nowhere"

[[unique]]
names = ["*Factory"]
except = ["app::old::*"]

[[payload]]
type = "app::engine::User"
built-in = "app::engine"
names-in = "app::old"

[[superseeded]]
items = []
"#,
    );
    let syntax = configured(&written).run().expect_err("it has mistakes");
    let Error::Configuration { count, text, .. } = &syntax else {
        panic!("{syntax}")
    };
    assert_eq!(*count, 12, "{text}");
    snapshot("mistakes_of_form", text);
}

#[test]
fn all_paths_that_do_not_exist_are_told_at_once_with_those_that_do() {
    let written = Written::app(SMALL);
    written.write(
        "ssot.toml",
        r#"[[role]]
name = "engine"
trait = "app::engin::Engine"
canonical = "app::engine::User"

[[role]]
name = "trait"
trait = "app::engine::User"
canonical = "app::engine::User"

[[role]]
name = "not implemented"
trait = "app::engine::Engine"
implemented-by = ["app::engine::User", "app::engine::Engine"]

[[redirect]]
modules = ["app::old::Legacy"]
to = "nowhere"

[[unique]]
names = ["*Factory"]

[[unique]]
names = ["User"]
except = ["of no use: app::old::*"]

[[payload]]
type = "app::engine::User"
built-in = "app::engine"
names-in = "app::old"

[[superseded]]
items = ["app::old::Legcay"]
allow-in = ["app::olb"]
"#,
    );
    let error = configured(&written).run().expect_err("the paths do not exist");
    let Error::Configuration { text, .. } = &error else {
        panic!("{error}")
    };
    snapshot("mistakes_of_paths", text);
}

#[test]
fn a_text_that_is_no_toml_is_shown_where_it_breaks() {
    let written = Written::app(SMALL);
    written.write("ssot.toml", "[[role]\nname = \"x\"\n");
    let error = configured(&written).run().expect_err("it is no TOML");
    snapshot(
        "mistake_of_toml",
        &error
            .to_string()
            .replace(&*written.path().display().to_string(), "[folder]"),
    );
}

#[test]
fn a_folder_without_a_workspace_and_a_workspace_without_rules_are_errors() {
    let empty = tempfile::tempdir().expect("a folder can be made");
    let error = ssot_audit::audit()
        .at(empty.path())
        .deprecated()
        .run()
        .expect_err("there is none");
    assert!(matches!(error, Error::Workspace { .. }), "{error}");
    let written = Written::app(SMALL);
    let error = written.audit().run().expect_err("there is no rule");
    assert!(error.to_string().contains("there is no rule to check"), "{error}");
    written.remove("ssot.toml");
    let error = configured(&written).run().expect_err("there is no file");
    assert!(error.to_string().contains("there is no"), "{error}");
}

#[test]
fn a_file_that_does_not_parse_is_named_and_the_rest_is_audited() {
    for (text, said) in [
        (&b"pub fn f( {}"[..], "src/bad.rs:1: "),
        (
            b"\n\npub fn f() { let x = \"; }",
            "src/bad.rs:3: this text has no end",
        ),
        (b"\npub struct;\n", "src/bad.rs:2: expected identifier"),
        (b"\n\xff\xfe\n", "src/bad.rs:2: it is not UTF-8"),
        (b"/* never closed", "src/bad.rs:1: this comment has no end"),
    ] {
        let written = Written::app(SMALL);
        written.write("src/bad.rs", text);
        let lib = written.read("src/lib.rs");
        written.write("src/lib.rs", format!("{lib}pub mod bad;\n"));
        let report = configured(&written).run().expect("the rest is audited");
        let found: Vec<Rule> = report.failing().map(|finding| finding.rule).collect();
        assert_eq!(found, [Rule::SecondImplementation]);
        assert_eq!(report.statistics.unread.len(), 1);
        let unread = &report.statistics.unread[0];
        assert!(unread.starts_with(said), "{unread}");
        let failure = configured(&written).check().expect_err("a file was not audited");
        assert!(
            failure.to_string().contains("this file is not audited"),
            "{failure}"
        );
    }
}

#[test]
fn a_workspace_with_nothing_but_an_unread_file_fails() {
    let written = Written::app("//- src/lib.rs\npub mod bad;\npub mod old {}\n//- src/bad.rs\nfn (");
    let failure = written
        .audit()
        .superseded("app::old")
        .check()
        .expect_err("a file was not audited");
    assert!(matches!(failure, Failure::Found(_)));
}

#[test]
fn imports_that_go_in_a_circle_end() {
    let written = Written::app(
        "//- src/lib.rs
pub mod a { pub use crate::b::*; pub use crate::b::X as Y; pub use self::Y as X; }
pub mod b { pub use crate::a::*; pub use crate::a::X; pub use crate::c::Real; }
pub mod c { pub struct Real; pub type One = Two; pub type Two = One; }
pub mod d { use crate::a::Real; pub fn f(_: Real, _: crate::c::One) {} }
",
    );
    let report = written.audit().superseded("app::c::Real").run().expect("it ends");
    let places: Vec<&str> = report.failing().map(|finding| &*finding.place).collect();
    assert_eq!(places, ["app::b", "app::d::f"]);
}

#[test]
fn a_file_in_two_targets_is_one_finding() {
    let member = manifest(
        "app",
        "[[bin]]\nname = \"one\"\npath = \"src/one.rs\"\n[[bin]]\nname = \"two\"\npath = \"src/two.rs\"",
    );
    let written = Written::of(&format!(
        "//- Cargo.toml\n{member}\n//- src/lib.rs\npub mod old {{ pub fn f() {{}} }}\n//- src/one.rs\nmod shared;\nfn main() {{}}\n\
         //- src/two.rs\nmod shared;\nfn main() {{}}\n//- src/shared.rs\npub fn g() {{ app::old::f(); }}"
    ));
    let report = written.audit().superseded("app::old").run().expect("it runs");
    let places: Vec<(&str, usize)> = report
        .failing()
        .map(|finding| (&*finding.place, finding.labels.len()))
        .collect();
    assert_eq!(places, [("one::shared::g", 2)]);
}

#[test]
fn a_file_that_is_its_own_module_ends() {
    let written = Written::app(
        "//- src/lib.rs\npub mod old { pub fn f() {} }\n#[path = \"again.rs\"] pub mod again;\n\
         //- src/again.rs\n#[path = \"again.rs\"] pub mod again;\npub fn g() { crate::old::f(); }",
    );
    let report = written.audit().superseded("app::old").run().expect("it ends");
    assert_eq!(report.failing().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_to_its_own_folder_ends() {
    let written = Written::app("//- src/lib.rs\npub mod old { pub fn f() {} }\npub fn g() { old::f(); }");
    std::os::unix::fs::symlink(".", written.path().join("src/again")).expect("a link can be made");
    let report = written.audit().superseded("app::old").run().expect("it ends");
    assert_eq!(report.failing().count(), 1);
    assert_eq!(report.statistics.orphans, Vec::<String>::new());
}

#[test]
fn a_generated_file_of_five_megabytes_is_read() {
    use std::fmt::Write as _;
    let mut text = String::from("// @generated\n");
    let mut number = 0;
    while text.len() < 5_000_000 {
        writeln!(
            text,
            "pub fn f{number}(a: u64) -> u64 {{ let b = a + {number}; if b > 3 {{ b * 2 }} else {{ b }} }}"
        )
        .expect("text can always be written to text");
        number += 1;
    }
    let written = Written::app("//- src/lib.rs\npub mod old {}\npub mod big;");
    fs::write(written.path().join("src/big.rs"), text).expect("a file can be written");
    let report = written.audit().superseded("app::old").run().expect("it runs");
    assert!(report.statistics.lines > number);
    assert!(!report.fails());
}

#[test]
fn a_file_that_no_target_reaches_is_named() {
    let written = Written::app("//- src/lib.rs\npub mod old {}\n//- src/orphan.rs\npub fn f() {}");
    let report = written.audit().superseded("app::old").run().expect("it runs");
    assert_eq!(report.statistics.orphans, ["src/orphan.rs"]);
}

#[test]
fn a_module_without_a_file_is_no_error() {
    let written = Written::app(
        "//- src/lib.rs\npub mod old {}\npub mod written_by_a_build_script;\nuse written_by_a_build_script::X;\npub fn f(_: X) {}",
    );
    let report = written.audit().superseded("app::old").run().expect("it runs");
    assert!(!report.fails());
    assert!(!Path::new(&report.root).join("ssot.lock").exists());
}

#[test]
fn a_name_that_a_macro_of_the_file_writes_itself_is_known_to_be_a_macros() {
    let written = Written::app(
        "//- src/lib.rs
pub mod old {}
pub mod made { macro_rules! kinds { ($($n:ident = $t:literal),*) => { pub enum Kind { $($n),* } } } kinds!(A = \"a\"); }
pub mod user { use crate::made::Kind; pub fn f(_: Kind) {} }
",
    );
    let read = written
        .audit()
        .superseded("app::old")
        .run()
        .expect("it runs")
        .statistics;
    assert_eq!((read.unresolved_imports, read.unresolved), (0, 0));
    // The use in `f`, and `A` in the call.
    assert_eq!(read.macro_made, 2);
}

#[test]
fn wrong_keys_and_paths_that_do_not_exist_are_told_in_one_run() {
    let written = Written::app("//- src/lib.rs\npub mod old {}\npub mod new {}");
    written.write(
        "ssot.toml",
        "[[superceded]]\nitems = [\"app::old\"]\n[[superseded]]\nitems = [\"app::old\"]\nby = \"app::newer\"\n",
    );
    let error = configured(&written)
        .run()
        .expect_err("there are mistakes")
        .to_string();
    assert!(error.contains("did you mean `superseded`?"), "{error}");
    assert!(error.contains("did you mean `app::new`?"), "{error}");
}
