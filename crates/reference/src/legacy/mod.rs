//! Faulty versions of the reference system, as an unfinished migration from one user to many would leave them. Each version has
//! one fault of the catalogue of violations, and no other.

mod ambient_identity;
mod answer_shift;
mod broadcast_fallback;
mod cache_without_user;
mod cancel_leak;
mod context_overwritten;
mod cross_teardown;
mod default_bucket;
mod diagnostics_leak;
mod engines;
mod influence;
mod laundered_payload;
mod lock_across_await;
mod orphan_task;
mod parallel_only;
mod rows;
mod setter_overwrites_all;
mod shared_state;
mod starvation;
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
pub use wrong_recipient::PrimarySinkFactory;
