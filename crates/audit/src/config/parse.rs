use std::ops::Range;

use toml_edit::{Document, TableLike};

use super::mistakes::Mistakes;
use super::reader::Reader;
use super::types::{Config, Discover, Layers, Payload, Redirect, Role, Settings, Superseded, Text, Unique};

type Table<'t> = (&'t dyn TableLike, Option<Range<usize>>);

/// The configuration in a text; what is wrong in it goes to `mistakes`.
pub(crate) fn parse(source: &str, mistakes: &mut Mistakes) -> Config {
    let document = match Document::parse(source) {
        Ok(document) => document,
        Err(error) => {
            let help = Some("see https://toml.io for the format".to_owned());
            mistakes.add(error.message().to_owned(), error.span(), help);
            return Config::default();
        }
    };
    let mut config = Config::default();
    let mut top = Reader::new(document.as_table(), "ssot.toml", None, mistakes);
    let settings = top.table("audit");
    let roles = top.tables("role");
    let redirects = top.tables("redirect");
    let superseded = top.tables("superseded");
    let unique = top.tables("unique");
    let payloads = top.tables("payload");
    let layers = top.tables("layers");
    let discover = top.table("discover");
    top.finish();
    if let Some(table) = settings {
        config.settings = read_settings(table, mistakes);
    }
    config.roles = each(roles, mistakes, read_role);
    config.redirects = each(redirects, mistakes, read_redirect);
    config.superseded = each(superseded, mistakes, read_superseded);
    config.unique = each(unique, mistakes, read_unique);
    config.payloads = each(payloads, mistakes, read_payload);
    config.layers = each(layers, mistakes, read_layers);
    config.discover = discover.map(|table| read_discover(table, mistakes));
    config
}

fn each<T>(
    tables: Vec<Table<'_>>,
    mistakes: &mut Mistakes,
    read: impl Fn(Table<'_>, &mut Mistakes) -> T,
) -> Vec<T> {
    tables.into_iter().map(|table| read(table, mistakes)).collect()
}

fn read_settings((table, span): Table<'_>, mistakes: &mut Mistakes) -> Settings {
    let mut reader = Reader::new(table, "[audit]", span, mistakes);
    let settings = Settings {
        test_modules: reader.texts("test-modules"),
        deprecated: reader.flag("deprecated"),
        generated: reader.flag("generated"),
    };
    reader.finish();
    settings
}

fn read_role((table, span): Table<'_>, mistakes: &mut Mistakes) -> Role {
    let mut reader = Reader::new(table, "[[role]]", span.clone(), mistakes);
    let mut role = Role {
        name: reader.required("name"),
        of_trait: reader.text("trait"),
        implemented_by: reader.texts("implemented-by"),
        implemented_by_macro: reader.texts("implemented-by-macro"),
        of_type: reader.text("type"),
        built_in: reader.texts("construct-only-in"),
        allow_in: reader.texts("allow-in"),
        in_tests: reader.flag("in-tests"),
    };
    let canonical = reader.text("canonical");
    let built_in = reader.texts("built-in");
    reader.finish();
    if let Some(canonical) = canonical {
        if role.of_trait.is_some() && role.implemented_by.is_empty() {
            role.implemented_by.push(canonical.clone());
        }
        if role.of_type.is_none() {
            role.of_type = Some(canonical);
        }
    }
    if role.built_in.is_empty() {
        role.built_in = built_in;
    } else if let [first, ..] = &*built_in {
        let what = "`[[role]]` has both `construct-only-in` and `built-in`, which are the same";
        mistakes.at(first, what, Some("keep one".to_owned()));
    }
    let name = role.name.value.clone();
    let has_implementations = !role.implemented_by.is_empty() || !role.implemented_by_macro.is_empty();
    if role.of_trait.is_some() != has_implementations {
        let what =
            format!("role `{name}` needs both `trait` and `canonical` or `implemented-by`, or neither");
        mistakes.add(what, span.clone(), None);
    }
    if role.built_in.is_empty() && role.of_trait.is_none() {
        let what = format!("role `{name}` checks nothing");
        let help =
            "name its `trait` and `canonical`, or the modules that it is built in: `construct-only-in`";
        mistakes.add(what, span.clone(), Some(help.to_owned()));
    }
    if !role.built_in.is_empty() && role.of_type.is_none() {
        let what = format!("role `{name}` says where a type is built, but not which");
        mistakes.add(what, span, Some("name it: `canonical` or `type`".to_owned()));
    }
    role
}

fn read_redirect((table, span): Table<'_>, mistakes: &mut Mistakes) -> Redirect {
    let key = both_spellings(table, "modules", "module");
    let mut reader = Reader::new(table, "[[redirect]]", span, mistakes);
    let redirect = Redirect {
        modules: reader.some_texts(key),
        to: Some(reader.required("to")),
        in_tests: reader.flag("in-tests"),
    };
    reader.finish();
    redirect
}

/// A key that may be in the singular.
fn both_spellings(table: &dyn TableLike, plural: &'static str, singular: &'static str) -> &'static str {
    if table.contains_key(singular) && !table.contains_key(plural) {
        singular
    } else {
        plural
    }
}

fn read_superseded((table, span): Table<'_>, mistakes: &mut Mistakes) -> Superseded {
    let key = both_spellings(table, "items", "item");
    let mut reader = Reader::new(table, "[[superseded]]", span, mistakes);
    let superseded = Superseded {
        items: reader.some_texts(key),
        by: reader.text("by"),
        allow_in: reader.texts("allow-in"),
        since: reader.text("since"),
        issue: reader.text("issue"),
        in_tests: reader.flag("in-tests"),
    };
    reader.finish();
    superseded
}

fn read_unique((table, span): Table<'_>, mistakes: &mut Mistakes) -> Unique {
    let mut reader = Reader::new(table, "[[unique]]", span, mistakes);
    let unique = Unique {
        names: reader.some_texts("names"),
        scope: reader.text("scope").filter(|scope| scope.value != "workspace"),
        except: reader.texts("except"),
        functions: reader.flag("functions"),
    };
    reader.finish();
    for except in &unique.except {
        if !except.value.contains(": ") {
            let help = "write `reason: path`, for instance `FFI mirror: bindings::*`";
            mistakes.at(except, "an exception needs its reason", Some(help.to_owned()));
        }
    }
    unique
}

fn read_payload((table, span): Table<'_>, mistakes: &mut Mistakes) -> Payload {
    let mut reader = Reader::new(table, "[[payload]]", span, mistakes);
    let payload = Payload {
        of_type: Some(reader.required("type")),
        built_in: reader.some_texts("built-in"),
        names_in: reader.text("names-in"),
        in_tests: reader.flag("in-tests"),
    };
    reader.finish();
    payload
}

fn read_layers((table, span): Table<'_>, mistakes: &mut Mistakes) -> Layers {
    let key = both_spellings(table, "modules", "module");
    let mut reader = Reader::new(table, "[[layers]]", span.clone(), mistakes);
    let layers = Layers {
        name: reader.text("name"),
        order: reader.lists("order"),
        modules: reader.texts(key),
        may_not_use: reader.texts("may-not-use"),
        in_tests: reader.flag("in-tests"),
    };
    reader.finish();
    let pair = !layers.modules.is_empty() && !layers.may_not_use.is_empty();
    if layers.order.len() < 2 && !pair {
        let help = "write `order = [\"highest\", .., \"lowest\"]`, or `module` and `may-not-use`";
        mistakes.add("`[[layers]]` checks nothing", span, Some(help.to_owned()));
    }
    layers
}

fn read_discover((table, span): Table<'_>, mistakes: &mut Mistakes) -> Discover {
    let mut reader = Reader::new(table, "[discover]", span, mistakes);
    let discover = Discover {
        min_score: reader.tenths("min-score", 40),
        known: reader.texts("known"),
    };
    reader.finish();
    for known in &discover.known {
        if known_pair(known).is_none() {
            let help = "write `one <-> other: reason`, with the paths that `--discover` prints";
            mistakes.at(
                known,
                "a known pair has two paths and a reason",
                Some(help.to_owned()),
            );
        }
    }
    discover
}

/// The two paths and the reason of a known pair.
pub(crate) fn known_pair(text: &Text) -> Option<(&str, &str, &str)> {
    let (one, rest) = text.value.split_once("<->")?;
    let (other, reason) = rest.split_once(": ")?;
    let (one, other, reason) = (one.trim(), other.trim(), reason.trim());
    (!one.is_empty() && !other.is_empty() && !reason.is_empty()).then_some((one, other, reason))
}
