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
