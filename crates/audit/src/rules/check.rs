use super::compiled::{Compiled, compile};
use super::draft::Drafts;
use super::layers::layers;
use super::payload::payload;
use super::redirect::redirect;
use super::role::{constructions, implementations, macros, must_implement};
use super::superseded::superseded;
use super::unique::unique;
use super::zone::Zone;
use crate::config::{Config, Mistakes};
use crate::model::{Model, Statistics};

/// What the rules of a configuration find. Paths that do not exist, and rules that select nothing, go to `mistakes`.
pub(crate) fn check(model: &Model, config: &Config, mistakes: &mut Mistakes) -> (Drafts, Statistics) {
    let compiled = compile(model, config, mistakes);
    must_implement(model, config, mistakes);
    let mut drafts = Drafts::default();
    let generated = config.settings.generated;
    for rule in &config.unique {
        unique(model, rule, generated, mistakes, &mut drafts);
    }
    let statistics = run(model, &compiled, generated, &mut drafts);
    (drafts, statistics)
}

fn run(model: &Model, rules: &Compiled, generated: bool, drafts: &mut Drafts) -> Statistics {
    let (sites, counted) = model.sites(&rules.watch(model));
    for role in &rules.roles {
        implementations(model, role, generated, drafts);
        constructions(model, role, &sites, generated, drafts);
        macros(model, role, drafts);
    }
    // One old path may lead through another.
    let all = Zone {
        modules: rules
            .redirects
            .iter()
            .flat_map(|rule| rule.modules.clone())
            .collect(),
        defs: Vec::new(),
    };
    for rule in &rules.redirects {
        redirect(model, rule, &all, &sites, drafts);
    }
    for rule in &rules.superseded {
        superseded(model, rule, &sites, generated, drafts);
    }
    for rule in &rules.payloads {
        payload(model, rule, &sites, generated, drafts);
    }
    for rule in &rules.layers {
        layers(model, rule, &sites, drafts);
    }
    Statistics::of(model, &counted)
}
