//! Ways on which events are lost, doubled, or come too late.

mod bridge;
mod camel_case;
mod connection_manager;
mod heartbeat;
mod notifiers;
mod priority_lanes;
mod replaying;
mod retrying;
mod run_router;
mod two_constructors;
mod untyped;

pub use bridge::{AgentWebSocketBridge, BridgeFactory};
pub use camel_case::CamelCaseFactory;
pub use connection_manager::ConnectionManagerFactory;
pub use heartbeat::HeartbeatFactory;
pub use notifiers::{AgentNotifier, AgentNotifierFactory, ToolNotifier, ToolNotifierFactory};
pub use priority_lanes::PriorityLanesFactory;
pub use replaying::ReplayingFactory;
pub use retrying::RetryingFactory;
pub use run_router::RunRouterFactory;
pub use two_constructors::TwoConstructorsFactory;
