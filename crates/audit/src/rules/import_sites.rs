//! Imports that are findings themselves: those that no path in their module uses, and re-exports.

use super::zone::Spot;
use crate::model::{ImportId, Model, Module, Site, Space, Target};
use crate::name::Set;
use crate::syntax::index::{Imported, NONE};

/// An import and what it says.
#[derive(Clone, Debug)]
pub(super) struct ImportSite {
    pub(super) spot: Spot,
    pub(super) at: u32,
    pub(super) test: bool,
    pub(super) public: bool,
    /// The modules that its path goes through.
    pub(super) passed: Vec<Module>,
    pub(super) targets: Vec<Target>,
    pub(super) id: ImportId,
}

/// Every import of the workspace that passes or reaches what `wanted` says.
pub(super) fn import_sites(model: &Model, wanted: impl Fn(&[Module], &[Target]) -> bool) -> Vec<ImportSite> {
    let mut sites = Vec::new();
    for (placement, number) in model.placements.iter().zip(0..) {
        let index = &model.loaded.files[placement.file as usize].index;
        for (import, import_number) in index.imports.iter().zip(0..) {
            let id = ImportId {
                placement: number,
                import: import_number,
            };
            let module = placement.module_of(import.scope);
            let passed = model.passed_by(Some(id), module);
            let targets: Vec<Target> = match import.what {
                Imported::Glob => Vec::new(),
                _ => [Space::Types, Space::Values, Space::Macros]
                    .into_iter()
                    .filter_map(|space| model.import_reaches(id, space))
                    .collect(),
            };
            if !wanted(&passed, &targets) {
                continue;
            }
            sites.push(ImportSite {
                spot: Spot {
                    placement: number,
                    scope: import.scope,
                    item: import.owner,
                    in_impl: NONE,
                },
                at: import.at,
                test: import.flags.test,
                public: import.public,
                passed,
                targets,
                id,
            });
        }
    }
    sites
}

/// The imports that some path begins with.
pub(super) fn used(sites: &[Site]) -> Set<ImportId> {
    sites.iter().filter_map(|site| site.resolved.import).collect()
}
