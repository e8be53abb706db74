use std::fmt;
use std::sync::Arc;

use super::{
    Legacy, accounting, contexts, delivery, execution_engines, factories, lifecycle, orchestrators, stores,
    supervisors, variants,
};
use crate::{EngineFactory, Model};

/// A system with one fault of the catalogue of violations.
#[derive(Clone, Copy)]
pub struct FaultySystem {
    row: u8,
    slug: &'static str,
    name: &'static str,
    make: fn(Arc<dyn Model>) -> Box<dyn EngineFactory>,
}

impl FaultySystem {
    /// For each row without a [`Legacy`] engine two that have the fault in different ways, in the order of the catalogue.
    /// [`Legacy::variant`] gives the second one of the other rows.
    pub const ALL: &[Self] = SYSTEMS;

    /// The fault's row in the catalogue.
    #[must_use]
    pub const fn row(&self) -> u8 {
        self.row
    }

    /// The fault's name in the catalogue, in kebab case.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        self.slug
    }

    /// The name of the factory's type.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Creates the factory, whose engines ask this model.
    #[must_use]
    pub fn make(&self, model: Arc<dyn Model>) -> Box<dyn EngineFactory> {
        (self.make)(model)
    }
}

impl fmt::Debug for FaultySystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {:02}, {}: {}", self.row, self.slug, self.name)
    }
}

macro_rules! variants {
    ($($legacy:ident: $factory:ident;)+) => {
        impl Legacy {
            /// The system that has the same fault, built in another way.
            #[must_use]
            pub fn variant(self) -> FaultySystem {
                match self {
                    $(Self::$legacy => FaultySystem {
                        row: self.row(),
                        slug: self.slug(),
                        name: stringify!($factory),
                        make: |model| Box::new(variants::$factory::new(model)),
                    },)+
                }
            }
        }
    };
}

variants! {
    SharedState: PrototypeFactory;
    DefaultBucket: OptionalOwnerFactory;
    ContextOverwritten: DispatcherFactory;
    WrongRecipient: AgentSubscriptionFactory;
    SetterOverwritesAll: OneChannelCellFactory;
    BroadcastFallback: UnsubscribedEarlyFactory;
    LaunderedPayload: PreviewFactory;
    CrossTeardown: ClosedSemaphoreFactory;
    OrphanTask: WaitingAuditorFactory;
    CancelLeak: ForgottenPermitFactory;
    Starvation: ModelLockFactory;
    LockAcrossAwait: LockOrderFactory;
    CacheWithoutUser: QuestionCacheFactory;
    DiagnosticsLeak: HelpfulErrorFactory;
    AmbientIdentity: CurrentRequestFactory;
    AnswerShift: ReusedSlotFactory;
    Influence: BusyBrevityFactory;
    ParallelOnly: RingBufferFactory;
}

macro_rules! systems {
    ($($row:literal $slug:literal: $($module:ident)::+ $first:ident, $($other:ident)::+ $second:ident;)+) => {
        const SYSTEMS: &[FaultySystem] = &[$(
            FaultySystem {
                row: $row,
                slug: $slug,
                name: stringify!($first),
                make: |model| Box::new($($module)::+::$first::new(model)),
            },
            FaultySystem {
                row: $row,
                slug: $slug,
                name: stringify!($second),
                make: |model| Box::new($($other)::+::$second::new(model)),
            },
        )+];
    };
}

systems! {
    2 "memoised-instance": factories CachedEngineFactory, factories GlobalEngineFactory;
    4 "placeholder-identity": execution_engines ConsolidatedEngineFactory, factories LegacyExecutionEngineFactory;
    5 "foreign-context": execution_engines DeprecatedEngineFactory, execution_engines CoreEngineFactory;
    7 "shallow-immutability": execution_engines FrozenContextFactory, contexts AuditTrailFactory;
    8 "aliased-copy": execution_engines ConsolidatedWrapperFactory, contexts ScratchPadFactory;
    11 "confused-ids": delivery BridgeFactory, delivery RunRouterFactory;
    13 "swallowed-send": delivery AgentNotifierFactory, delivery ToolNotifierFactory;
    14 "reordered-events": execution_engines ToolRegistryEngineFactory, delivery PriorityLanesFactory;
    15 "duplicated-events": execution_engines SupervisorEngineFactory, delivery RetryingFactory;
    16 "false-success": supervisors::consolidated ConsolidatedSupervisorFactory, supervisors::duplicate DuplicateSupervisorFactory;
    17 "event-after-terminal": execution_engines McpEngineFactory, delivery HeartbeatFactory;
    18 "payload-drift": delivery TwoConstructorsFactory, delivery CamelCaseFactory;
    20 "deprecated-accepted": orchestrators InjectedOrchestratorFactory, orchestrators WarningOrchestratorFactory;
    21 "name-gate": orchestrators NameGateFactory, orchestrators DuckGateFactory;
    22 "engine-swapped": orchestrators OpenFieldFactory, orchestrators RememberingFactory;
    23 "contract-drift": execution_engines SupervisorAdapterFactory, execution_engines AnsweringEngineFactory;
    26 "two-truths": execution_engines TwoTrackersFactory, stores StatusCacheFactory;
    27 "unsafe-fallback": factories UnifiedExecutionEngineFactory, supervisors RestartingFactory;
    28 "test-double-in-production": factories AgentInstanceFactory, factories RequestScopedFactory;
    29 "self-attestation": execution_engines IsolatedEngineFactory, contexts CheckedCopyFactory;
    31 "cleanup-races-run": lifecycle SweepingFactory, lifecycle OldestFirstFactory;
    34 "use-after-close": lifecycle CheckedEarlyFactory, lifecycle KeptHandleFactory;
    35 "slot-kept-on-error": factories ExecutionFactory, accounting ReservedFirstFactory;
    36 "key-collision": stores MillisecondKeysFactory, stores ShortLeasesFactory;
    37 "limit-race": lifecycle CountedThenMadeFactory, lifecycle LimitByMetricFactory;
    41 "key-mismatch": stores TwoPartKeysFactory, stores RunTableFactory;
    42 "shared-connection": stores PooledSettingsFactory, stores OneConnectionFactory;
    43 "unbounded-growth": stores RunLogFactory, stores WaiterMapFactory;
    45 "swallowed-cleanup": accounting SwallowedCloseFactory, accounting CleanedCounterFactory;
    46 "counted-attempts": accounting CountedSendsFactory, accounting CountedRunsFactory;
    47 "connection-race": delivery ConnectionManagerFactory, delivery ReplayingFactory;
    48 "skipped-while-iterating": supervisors DuplicateRegistryFactory, supervisors BroadcastCursorFactory;
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The texts of all files below a folder.
    fn files(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("it is a folder");
        let paths = entries.map(|entry| entry.expect("it can be read").path());
        paths
            .flat_map(|path| {
                if path.is_dir() {
                    files(&path)
                } else {
                    vec![fs::read_to_string(&path).expect("it is text")]
                }
            })
            .collect()
    }

    #[test]
    fn the_file_of_a_system_names_its_row() {
        let files = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/legacy"));
        let variants = Legacy::ALL.iter().map(|legacy| legacy.variant());
        for system in FaultySystem::ALL.iter().copied().chain(variants) {
            let fault = format!("//! Row {:02}, *{}*: ", system.row(), system.slug());
            let defines = |text: &&String| {
                text.starts_with(&fault) && text.contains(&format!("    {} {{", system.name()))
            };
            let by_macro = files.iter().filter(defines).count();
            let by_hand = files
                .iter()
                .filter(|text| {
                    text.starts_with(&fault) && text.contains(&format!("pub struct {} ", system.name()))
                })
                .count();
            let orchestrating = files
                .iter()
                .filter(|text| {
                    text.starts_with(&fault) && text.contains(&format!("    {} => ", system.name()))
                })
                .count();
            assert_eq!(by_macro + by_hand + orchestrating, 1, "{system:?}");
        }
    }
}
