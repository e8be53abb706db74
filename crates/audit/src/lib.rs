//! Audits the sources of a Rust workspace for one source of truth.

mod error;
mod model;
mod name;
mod syntax;
mod workspace;

pub use error::Error;
pub use model::Statistics;

/// The statistics of a workspace.
#[doc(hidden)]
pub fn probe(folder: &std::path::Path) -> Result<Statistics, Error> {
    let names: Vec<String> = model::TEST_MODULES
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    let started = std::time::Instant::now();
    let model = model::Model::of(folder, &names)?;
    eprintln!("model {:?}", started.elapsed());
    let (_, counted) = model.sites(&model::Watch::default());
    eprintln!("sites {:?}", started.elapsed());
    let statistics = Statistics::of(&model, &counted);
    eprintln!("done {:?}", started.elapsed());
    Ok(statistics)
}
