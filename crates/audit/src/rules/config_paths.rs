//! The paths of a configuration: what they lead to, and what is wrong with those that lead nowhere.

use super::zone::Zone;
use crate::config::{Mistakes, Text};
use crate::model::{Def, Model, Module, Target};
use crate::syntax::index::ItemKind;

/// Resolves paths, and keeps what is wrong with them.
pub(super) struct Paths<'a, 'm> {
    pub(super) model: &'a Model,
    pub(super) mistakes: &'m mut Mistakes,
}

impl Paths<'_, '_> {
    pub(super) fn types(&mut self, rule: &str, texts: &[Text]) -> Vec<Def> {
        let model = self.model;
        texts
            .iter()
            .filter_map(|text| self.def(rule, text, "type", ItemKind::is_type))
            .map(|def| model.type_behind(def))
            .collect()
    }

    pub(super) fn zone(&mut self, rule: &str, texts: &[Text]) -> Zone {
        let targets: Vec<Target> = texts.iter().filter_map(|text| self.any(rule, text)).collect();
        Zone::of(targets)
    }

    pub(super) fn def(
        &mut self,
        rule: &str,
        text: &Text,
        what: &str,
        wanted: impl Fn(ItemKind) -> bool,
    ) -> Option<Def> {
        match self.model.find(text.as_str()) {
            Some(Target::Def(def)) if self.fits(def, &wanted) => Some(def),
            Some(other) => {
                let found = self.describe(other);
                let said = format!("{rule}: `{}` is a {found}, not a {what}", text.value);
                let help = self.like(text, &wanted);
                self.mistakes.at(text, said, Some(help));
                None
            }
            None => {
                self.missing(rule, text, what, wanted);
                None
            }
        }
    }

    /// What a macro makes may be of any kind.
    fn fits(&self, def: Def, wanted: &impl Fn(ItemKind) -> bool) -> bool {
        let item = self.model.item(def);
        item.flags.nominal || wanted(item.kind)
    }

    pub(super) fn module(&mut self, rule: &str, text: &Text) -> Option<Module> {
        match self.model.find(text.as_str()) {
            Some(Target::Module(module)) => Some(module),
            Some(other) => {
                let found = self.describe(other);
                let what = format!("{rule}: `{}` is a {found}, not a module", text.value);
                self.mistakes.at(text, what, None);
                None
            }
            None => {
                self.missing(rule, text, "module", |kind| kind == ItemKind::Module);
                None
            }
        }
    }

    pub(super) fn any(&mut self, rule: &str, text: &Text) -> Option<Target> {
        let found = self.model.find(text.as_str());
        if found.is_none() {
            self.missing(rule, text, "module or item", |_| true);
        }
        found
    }

    fn missing(&mut self, rule: &str, text: &Text, what: &str, wanted: impl Fn(ItemKind) -> bool) {
        let said = format!("{rule}: there is no {what} `{}` in this workspace", text.value);
        let help = self.like(text, &wanted);
        self.mistakes.at(text, said, Some(help));
    }

    fn like(&self, text: &Text, wanted: &impl Fn(ItemKind) -> bool) -> String {
        let known = self.model.similar(text.as_str(), wanted);
        if known.is_empty() {
            return "a path begins with the name of its crate: `app::engine::Engine`".to_owned();
        }
        let known: Vec<String> = known.iter().map(|path| format!("`{path}`")).collect();
        format!("did you mean {}?", known.join(" or "))
    }

    fn describe(&self, target: Target) -> &'static str {
        match target {
            Target::Module(_) => "module",
            Target::Def(def) => self.model.item(def).kind.as_str(),
            Target::Outside => "crate outside this workspace",
        }
    }
}
