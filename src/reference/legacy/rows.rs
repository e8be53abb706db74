//! The table of the legacy engines, the only one: what is made for each of them is made from it.

/// Calls a macro with the rows of the table, behind what else it is given.
macro_rules! legacy_rows {
    ($then:ident! $($given:tt)*) => {
        $then! {
            $($given)*
            /// The engines of all users alias one history.
            SharedState shared_state 1 "shared-state" ContextLeak
                => SharedStateFactory::new;
            /// Callers without an identity share the history of a made-up user.
            DefaultBucket default_bucket 3 "default-bucket" ContextLeak
                => DefaultBucketFactory::new;
            /// A pooled emitter's context is replaced while another run still emits through it.
            ContextOverwritten context_overwritten 6 "context-overwritten" Misattribution
                => PooledEmitterFactory::new;
            /// Events go to the switchboard's own user, whoever they are for.
            WrongRecipient wrong_recipient 9 "wrong-recipient" Misattribution
                => PrimarySinkFactory::new;
            /// Connecting one user's channel makes it everybody's.
            SetterOverwritesAll setter_overwrites_all 10 "setter-overwrites-all" ContextLeak
                => SessionSetterFactory::new;
            /// An event whose recipient is not found goes to everyone.
            BroadcastFallback broadcast_fallback 12 "broadcast-fallback" ContextLeak
                => BroadcastFallbackFactory::new;
            /// An event of another user's is relabelled and sent.
            LaunderedPayload laundered_payload 19 "laundered-payload" ContextLeak
                => CatchUpFactory::new;
            /// Closing one user's engine closes the gateway that all engines use.
            CrossTeardown cross_teardown 30 "cross-teardown" Interference
                => SharedGatewayFactory::new;
            /// A task that nobody holds outlives its run and its engine.
            OrphanTask orphan_task 32 "orphan-task" Residue
                => OrphanTaskFactory::new;
            /// A call is registered before it queues, and guarded only once it has its turn.
            CancelLeak cancel_leak 33 "cancel-leak" Residue
                => CancelLeakFactory::new;
            /// One permit for all users is held during one user's slow work.
            Starvation starvation 38 "starvation" Interference
                => |model| GlobalPermitFactory::new(model, Legacy::PATIENCE);
            /// A lock that blocks its thread is held while the model is asked.
            LockAcrossAwait lock_across_await 39 "lock-across-await" Hang
                => BlockingLockFactory::new;
            /// Answers are cached by the agent's name, without the user's.
            CacheWithoutUser cache_without_user 40 "cache-without-user" ContextLeak
                => AnswerCacheFactory::new;
            /// An error shows the whole roster of sessions.
            DiagnosticsLeak diagnostics_leak 44 "diagnostics-leak" ContextLeak
                => TalkativeErrorFactory::new;
            /// Tools work for "the current user", which is whoever began a run last.
            AmbientIdentity ambient_identity 49 "ambient-identity" ContextLeak
                => AmbientIdentityFactory::new;
            /// A cancelled call leaves its answer on the connection, and the next caller reads it. The connection has a
            /// model of its own at the other end.
            AnswerShift answer_shift 50 "answer-shift" ContextLeak
                => |_model| PipelinedConnectionFactory::new(Duration::ZERO);
            /// Whose turn it is, counted over all users, decides how a prompt is answered.
            Influence influence 51 "influence" Interference
                => TakingTurnsFactory::new;
            /// A prompt is rendered into scratch space that two threads can use at once.
            ParallelOnly parallel_only 52 "parallel-only" ContextLeak
                => SharedScratchFactory::new;
        }
    };
}

pub(crate) use legacy_rows;
