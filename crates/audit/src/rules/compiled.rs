//! The configuration with its paths resolved.

use super::config_paths::Paths;
use super::zone::Zone;
use crate::config::{Config, Mistakes, Text};
use crate::model::{Def, Model, Module, Target, Watch};
use crate::syntax::index::{Detail, ItemKind};

/// Rules that can be checked: every path in them exists.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    pub(super) roles: Vec<Role>,
    pub(super) redirects: Vec<Redirect>,
    pub(super) superseded: Vec<Superseded>,
    pub(super) payloads: Vec<Payload>,
    pub(super) layers: Vec<Layering>,
}

#[derive(Debug)]
pub(super) struct Role {
    pub(super) name: String,
    pub(super) of_trait: Option<Def>,
    pub(super) implemented_by: Vec<Def>,
    pub(super) by_macros: Vec<Def>,
    pub(super) of_type: Option<Def>,
    pub(super) built_in: Option<Zone>,
    pub(super) built_in_names: Vec<String>,
    pub(super) allow_in: Zone,
    pub(super) in_tests: bool,
}

#[derive(Debug)]
pub(super) struct Redirect {
    pub(super) modules: Vec<Module>,
    pub(super) to: Option<Target>,
    pub(super) in_tests: bool,
}

#[derive(Debug)]
pub(super) struct Superseded {
    pub(super) items: Zone,
    pub(super) by: Option<String>,
    pub(super) allow_in: Zone,
    pub(super) since: Option<String>,
    pub(super) issue: Option<String>,
    pub(super) in_tests: bool,
}

#[derive(Debug)]
pub(super) struct Payload {
    pub(super) of_type: Def,
    pub(super) built_in: Zone,
    pub(super) built_in_names: Vec<String>,
    pub(super) names_in: Option<Module>,
    pub(super) in_tests: bool,
}

/// Modules that may not use others.
#[derive(Debug)]
pub(super) struct Layering {
    pub(super) name: Option<String>,
    /// Each with what it may not use.
    pub(super) pairs: Vec<(Zone, Zone)>,
    pub(super) in_tests: bool,
}

/// Resolves the paths of a configuration.
pub(super) fn compile(model: &Model, config: &Config, mistakes: &mut Mistakes) -> Compiled {
    let mut paths = Paths { model, mistakes };
    Compiled {
        roles: config.roles.iter().filter_map(|role| paths.role(role)).collect(),
        redirects: config.redirects.iter().map(|rule| paths.redirect(rule)).collect(),
        superseded: config
            .superseded
            .iter()
            .map(|rule| paths.superseded(rule))
            .chain(config.settings.deprecated.then(|| deprecated(model)))
            .collect(),
        payloads: config
            .payloads
            .iter()
            .filter_map(|rule| paths.payload(rule))
            .collect(),
        layers: config.layers.iter().map(|rule| paths.layers(rule)).collect(),
    }
}

impl Compiled {
    /// The references that some rule wants to see.
    pub(super) fn watch(&self, model: &Model) -> Watch {
        let mut watch = Watch::default();
        for def in self
            .roles
            .iter()
            .filter(|role| role.built_in.is_some())
            .filter_map(|role| role.of_type)
            .chain(self.payloads.iter().map(|payload| payload.of_type))
        {
            watch.defs.extend(super::construction::with_aliases(model, def));
        }
        for redirect in &self.redirects {
            watch.passed.extend(redirect.modules.iter().copied());
        }
        for superseded in &self.superseded {
            watch.defs.extend(superseded.items.defs.iter().copied());
            watch.modules.extend(superseded.items.modules.iter().copied());
            watch.passed.extend(superseded.items.modules.iter().copied());
        }
        for (_, forbidden) in self.layers.iter().flat_map(|layers| &layers.pairs) {
            watch.modules.extend(forbidden.modules.iter().copied());
            watch.defs.extend(forbidden.defs.iter().copied());
        }
        watch
    }
}

/// What the compiler is told to be deprecated.
fn deprecated(model: &Model) -> Superseded {
    let defs = model
        .placements
        .iter()
        .flat_map(|placement| model.defs(placement));
    let old = defs.filter(|def| model.item(*def).flags.deprecated);
    let mut items = Zone::default();
    for def in old {
        match model.module_of_def.get(&def) {
            Some(module) => items.modules.push(*module),
            None => items.defs.push(def),
        }
    }
    Superseded {
        items,
        by: None,
        allow_in: Zone::default(),
        since: None,
        issue: None,
        in_tests: false,
    }
}

impl Paths<'_, '_> {
    fn role(&mut self, role: &crate::config::Role) -> Option<Role> {
        let name = role.name.value.clone();
        let told = format!("role `{name}`");
        let of_trait = role
            .of_trait
            .as_ref()
            .map(|text| self.def(&told, text, "trait", |kind| kind == ItemKind::Trait));
        let implemented_by = self.types(&told, &role.implemented_by);
        let by_macros = role
            .implemented_by_macro
            .iter()
            .filter_map(|text| self.def(&told, text, "macro", |kind| kind == ItemKind::Macro))
            .collect();
        let of_type = role
            .of_type
            .as_ref()
            .map(|text| self.def(&told, text, "type", ItemKind::is_type));
        let built_in = self.zone(&told, &role.built_in);
        let allow_in = self.zone(&told, &role.allow_in);
        // A path that does not exist has been told.
        if of_trait == Some(None) || of_type == Some(None) {
            return None;
        }
        Some(Role {
            name,
            of_trait: of_trait.flatten(),
            implemented_by,
            by_macros,
            of_type: of_type.flatten(),
            built_in: (!role.built_in.is_empty()).then_some(built_in),
            built_in_names: values(&role.built_in),
            allow_in,
            in_tests: role.in_tests,
        })
    }

    fn redirect(&mut self, redirect: &crate::config::Redirect) -> Redirect {
        Redirect {
            modules: redirect
                .modules
                .iter()
                .filter_map(|text| self.module("redirect", text))
                .collect(),
            to: redirect.to.as_ref().and_then(|text| self.any("redirect", text)),
            in_tests: redirect.in_tests,
        }
    }

    fn superseded(&mut self, rule: &crate::config::Superseded) -> Superseded {
        let items = self.zone("superseded", &rule.items);
        if let Some(by) = &rule.by {
            self.any("superseded", by);
        }
        Superseded {
            items,
            by: rule.by.as_ref().map(|by| by.value.clone()),
            allow_in: self.zone("superseded", &rule.allow_in),
            since: rule.since.as_ref().map(|text| text.value.clone()),
            issue: rule.issue.as_ref().map(|text| text.value.clone()),
            in_tests: rule.in_tests,
        }
    }

    fn payload(&mut self, rule: &crate::config::Payload) -> Option<Payload> {
        let of_type = rule.of_type.as_ref()?;
        let found = self.def("payload", of_type, "type", ItemKind::is_type);
        let built_in = self.zone("payload", &rule.built_in);
        let names_in = rule.names_in.as_ref().and_then(|text| {
            let module = self.module("payload", text)?;
            if super::payload::constants(self.model, module).is_empty() {
                let what = format!("payload: `{}` holds no constant that is a text", text.value);
                let help = "write them there: `pub const STARTED: &str = \"started\";`";
                self.mistakes.at(text, what, Some(help.to_owned()));
            }
            Some(module)
        });
        Some(Payload {
            of_type: found?,
            built_in,
            built_in_names: values(&rule.built_in),
            names_in,
            in_tests: rule.in_tests,
        })
    }

    fn layers(&mut self, rule: &crate::config::Layers) -> Layering {
        let levels: Vec<Zone> = rule
            .order
            .iter()
            .map(|level| self.zone("layers", level))
            .collect();
        let mut pairs = Vec::new();
        for (number, level) in levels.iter().enumerate() {
            let above = levels[..number].iter().fold(Zone::default(), |mut all, level| {
                all.modules.extend(&level.modules);
                all.defs.extend(&level.defs);
                all
            });
            if number > 0 {
                pairs.push((level.clone(), above));
            }
        }
        let modules = self.zone("layers", &rule.modules);
        let forbidden = self.zone("layers", &rule.may_not_use);
        if !rule.modules.is_empty() {
            pairs.push((modules, forbidden));
        }
        Layering {
            name: rule.name.as_ref().map(|name| name.value.clone()),
            pairs,
            in_tests: rule.in_tests,
        }
    }
}

fn values(texts: &[Text]) -> Vec<String> {
    texts.iter().map(|text| text.value.clone()).collect()
}

/// The value of a constant that is a text.
pub(super) fn text_value(detail: &Detail) -> Option<&'static str> {
    match detail {
        Detail::Text(value) => Some(value.as_str()),
        _ => None,
    }
}
