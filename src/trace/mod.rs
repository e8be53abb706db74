//! What users saw: observations on surfaces, in order.

mod by_nature;
#[cfg(feature = "conformance")]
mod fact;
mod interning;
#[cfg(feature = "http")]
mod issued;
mod observation;
mod observations;
mod recorder;
mod redaction;
mod stream;
mod surface;
mod surface_set;
#[expect(clippy::module_inception, reason = "the module is named after its main type")]
mod trace;
mod user;

#[cfg(feature = "conformance")]
pub(crate) use fact::{Fact, Told};
pub(crate) use interning::Interner;
#[cfg(feature = "http")]
pub(crate) use observation::Issued;
pub use observation::Observation;
pub use observations::Observations;
pub use recorder::Observer;
pub(crate) use recorder::Recorder;
pub(crate) use redaction::{Known, Redactor};
pub(crate) use stream::Stream;
pub use surface::Surface;
pub(crate) use surface_set::SurfaceSet;
pub use trace::Trace;
pub use user::User;
