//! Names of a workspace and what they mean: module trees, imports, impls, references.

mod build;
mod declare;
mod impls;
mod imports;
mod load;
mod lookup;
mod orphans;
mod passed;
mod paths;
mod prelude;
mod references;
mod resolver;
mod statistics;
mod tree;
mod types;

pub(crate) use impls::ImplEntry;
#[cfg(feature = "unstable-references")]
pub(crate) use references::{Class, Resolved};
pub(crate) use references::{Site, Watch};
pub use statistics::Statistics;
pub(crate) use tree::TEST_MODULES;
pub(crate) use types::{Def, ImportId, Model, Module, Space, Target};
