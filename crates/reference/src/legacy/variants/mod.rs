//! The faults of the [`Legacy`](crate::legacy::Legacy) engines once more, built in another way.

mod agent_subscription;
mod busy_brevity;
mod closed_semaphore;
mod current_request;
mod dispatcher_context;
mod forgotten_permit;
mod helpful_error;
mod lock_order;
mod model_lock;
mod one_channel_cell;
mod optional_owner;
mod preview;
mod prototype_clone;
mod question_cache;
mod reused_slot;
mod ring_buffer;
mod unsubscribed_early;
mod waiting_auditor;

pub use agent_subscription::AgentSubscriptionFactory;
pub use busy_brevity::BusyBrevityFactory;
pub use closed_semaphore::ClosedSemaphoreFactory;
pub use current_request::CurrentRequestFactory;
pub use dispatcher_context::DispatcherFactory;
pub use forgotten_permit::ForgottenPermitFactory;
pub use helpful_error::HelpfulErrorFactory;
pub use lock_order::LockOrderFactory;
pub use model_lock::ModelLockFactory;
pub use one_channel_cell::OneChannelCellFactory;
pub use optional_owner::OptionalOwnerFactory;
pub use preview::PreviewFactory;
pub use prototype_clone::PrototypeFactory;
pub use question_cache::QuestionCacheFactory;
pub use reused_slot::ReusedSlotFactory;
pub use ring_buffer::RingBufferFactory;
pub use unsubscribed_early::UnsubscribedEarlyFactory;
pub use waiting_auditor::WaitingAuditorFactory;
