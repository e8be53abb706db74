//! Faulty versions of the reference system, as an unfinished migration from one user to many would leave them. Each has one fault of the
//! catalogue of violations, which its file describes.
//!
//! [`Legacy`] lists the engines whose faults users see of each other, and [`FaultySystem`] two systems for each other row of the catalogue
//! that is not found in source text: [`execution_engines`], [`factories`], [`supervisors`], [`orchestrators`], ways of events ([`delivery`]),
//! [`contexts`], [`stores`], what goes wrong when engines are closed ([`lifecycle`]), and counters ([`accounting`]). [`variants`] has the
//! faults of the [`Legacy`] engines once more.

pub mod accounting;
mod ambient_identity;
mod answer_shift;
mod base;
mod broadcast_fallback;
mod cache_without_user;
mod cancel_leak;
mod context_overwritten;
pub mod contexts;
mod cross_teardown;
mod default_bucket;
pub mod delivery;
mod diagnostics_leak;
pub mod disguises;
mod engines;
pub mod execution_engines;
pub mod factories;
#[cfg(feature = "gateway")]
pub mod gateway;
mod influence;
mod laundered_payload;
pub mod lifecycle;
mod lock_across_await;
pub mod orchestrators;
mod orphan_task;
mod parallel_only;
mod rows;
mod setter_overwrites_all;
mod shared_state;
mod starvation;
pub mod stores;
pub mod supervisors;
mod systems;
pub mod variants;
mod wrong_recipient;

pub use ambient_identity::AmbientIdentityFactory;
pub use answer_shift::PipelinedConnectionFactory;
pub use broadcast_fallback::BroadcastFallbackFactory;
pub use cache_without_user::AnswerCacheFactory;
pub use cancel_leak::CancelLeakFactory;
pub use context_overwritten::PooledEmitterFactory;
pub use cross_teardown::SharedGatewayFactory;
pub use default_bucket::DefaultBucketFactory;
pub use diagnostics_leak::VerboseErrorFactory;
pub use engines::Legacy;
pub use influence::AlternatingVariantsFactory;
pub use laundered_payload::CatchUpFactory;
pub use lock_across_await::BlockingLockFactory;
pub use orphan_task::OrphanTaskFactory;
pub use parallel_only::SharedScratchFactory;
pub use setter_overwrites_all::SessionSetterFactory;
pub use shared_state::SharedStateFactory;
pub use starvation::GlobalPermitFactory;
pub use systems::FaultySystem;
pub use wrong_recipient::PrimarySinkFactory;
