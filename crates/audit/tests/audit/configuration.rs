//! `ssot.toml`: what each key does, and what is wrong with its form.

use ssot_audit::{Error, Report, Rule};

use crate::workspaces::Written;

fn run(written: &Written, configuration: &str) -> Result<Report, Error> {
    written.write("ssot.toml", configuration);
    written.audit().configured().run()
}

#[test]
fn each_mistake_of_form_is_told_by_itself() {
    let written = Written::app("//- src/lib.rs\npub mod old {}\npub mod new {}\npub struct S;");
    for (configuration, told) in [
        (
            "[[layers]]\norder = [\"app::old\"]\n",
            "`[[layers]]` checks nothing",
        ),
        (
            "[[layers]]\nmodules = [\"app::old\"]\n",
            "`[[layers]]` checks nothing",
        ),
        (
            "[[role]]\ncanonical = \"app::S\"\nbuilt-in = [\"app::old\"]\n",
            "`[[role]]` needs `name`",
        ),
        (
            "[[role]]\nname = \"r\"\ncanonical = \"app::S\"\nbuilt-in = [\"app::old\"]\nconstruct-only-in = [\"app::old\"]\n",
            "has both `construct-only-in` and `built-in`",
        ),
        (
            "[[superseded]]\nitems = [\"app::old\"]\nsince = 1\n",
            "must be a text",
        ),
        (
            "[[superseded]]\nitems = [\"app::old\"]\nin-tests = 1\n",
            "`in-tests`",
        ),
        (
            "[[role]]\nname = \"r\"\nbuilt-in = [\"app::old\"]\n",
            "name it: `canonical` or `type`",
        ),
        ("superseded = 1\n", "`superseded` must be a list of tables"),
        ("[audit]\ndeprecated = \"yes\"\n", "`deprecated`"),
    ] {
        let Err(Error::Configuration { count, text, .. }) = run(&written, configuration) else {
            panic!("{configuration} is a mistake")
        };
        assert_eq!(count, 1, "{text}");
        assert!(text.contains(told), "{told} in {text}");
    }
}

#[test]
fn both_names_of_a_key_restrict_where_a_type_is_built() {
    let written = Written::app(
        "//- src/lib.rs
pub mod engine { pub struct S { pub x: u8 } }
pub mod factory { pub fn make() -> crate::engine::S { crate::engine::S { x: 1 } } }
pub mod user { pub fn f() -> crate::engine::S { crate::engine::S { x: 1 } } }
",
    );
    for key in ["construct-only-in", "built-in"] {
        for of in ["canonical", "type"] {
            let configuration =
                format!("[[role]]\nname = \"r\"\n{of} = \"app::engine::S\"\n{key} = [\"app::factory\"]\n");
            let report = run(&written, &configuration).expect("it runs");
            let found: Vec<_> = report
                .failing()
                .map(|finding| (finding.rule, &*finding.place))
                .collect();
            assert_eq!(found, [(Rule::Bypass, "app::user::f")], "{configuration}");
        }
    }
}

#[test]
fn a_table_may_be_written_in_line() {
    let written = Written::app("//- src/lib.rs\npub mod old { pub fn f() {} }\npub fn g() { old::f(); }");
    let report = run(
        &written,
        "superseded = [{ items = [\"app::old\"] }]\naudit = { deprecated = false }\n",
    )
    .expect("it runs");
    assert_eq!(report.failing().count(), 1);
}
