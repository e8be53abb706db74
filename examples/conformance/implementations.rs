//! The implementations, and the table of them.

use ssot_harness::conformance::{Matrix, conformance_matrix};
use ssot_harness::reference::ReferenceSubject;
use ssot_harness::reference::legacy::FaultySystem;

/// The factories of what stood beside the canonical implementation: engines, factories, supervisors, ways of events, and a registry.
const NAMED: [&str; 23] = [
    "DeprecatedEngineFactory",
    "ConsolidatedEngineFactory",
    "ConsolidatedWrapperFactory",
    "CoreEngineFactory",
    "SupervisorEngineFactory",
    "SupervisorAdapterFactory",
    "ToolRegistryEngineFactory",
    "FrozenContextFactory",
    "McpEngineFactory",
    "IsolatedEngineFactory",
    "UnifiedExecutionEngineFactory",
    "RequestScopedFactory",
    "AgentInstanceFactory",
    "CachedEngineFactory",
    "GlobalEngineFactory",
    "LegacyExecutionEngineFactory",
    "ExecutionFactory",
    "ConsolidatedSupervisorFactory",
    "DuplicateSupervisorFactory",
    "BridgeFactory",
    "AgentNotifierFactory",
    "DuplicateRegistryFactory",
    "InjectedOrchestratorFactory",
];

/// The faulty systems of these names, in this order.
pub(crate) fn named() -> impl Iterator<Item = FaultySystem> {
    NAMED.into_iter().map(|name| {
        let found = FaultySystem::ALL.iter().find(|system| system.name() == name);
        *found.unwrap_or_else(|| panic!("there is no faulty system `{name}`"))
    })
}

/// The canonical implementation and these, with this many executions for each promise.
pub(crate) fn matrix(systems: impl Iterator<Item = FaultySystem>, executions: u64) -> Matrix {
    let canonical = conformance_matrix()
        .executions(executions)
        .implementation("canonical", async || ReferenceSubject::canonical());
    systems.fold(canonical, |matrix, system| {
        matrix.implementation(system.name(), async move || {
            ReferenceSubject::new(|model| system.make(model))
        })
    })
}
