//! What users saw: observations on surfaces, in order.

mod interning;
mod lane;
mod observation;
mod recorder;
mod surface;
mod surface_set;
#[expect(clippy::module_inception, reason = "the room is named after its main type")]
mod trace;
mod user;

pub(crate) use interning::Interner;
pub(crate) use lane::Lane;
pub use observation::Observation;
pub use recorder::Observer;
pub(crate) use recorder::Recorder;
pub use surface::Surface;
pub(crate) use surface_set::SurfaceSet;
pub use trace::Trace;
pub use user::User;
