//! The table of the legacy engines. Everything that exists once for each of them is generated from it, here and in
//! ssot-harness.

/// Calls the macro `$then` with the given tokens, followed by the rows of the table.
///
/// A row is the fault as documentation, the variant of [`Legacy`](crate::legacy::Legacy), the file, the row and the name in
/// the catalogue of violations, and an expression that makes the factory from a model.
#[doc(hidden)]
#[macro_export]
macro_rules! __legacy_rows {
    ($then:ident! $($given:tt)*) => {
        $then! {
            $($given)*
            /// The engines of all users alias one history.
            SharedState shared_state 1 "shared-state"
                => SharedStateFactory::new;
            /// Callers without an identity share the history of a made-up user.
            DefaultBucket default_bucket 3 "default-bucket"
                => DefaultBucketFactory::new;
            /// A pooled emitter's context is replaced while another run still emits through it.
            ContextOverwritten context_overwritten 6 "context-overwritten"
                => PooledEmitterFactory::new;
            /// Events go to the switchboard's own user, whoever they are for.
            WrongRecipient wrong_recipient 9 "wrong-recipient"
                => PrimarySinkFactory::new;
            /// Connecting one user's channel makes it everybody's.
            SetterOverwritesAll setter_overwrites_all 10 "setter-overwrites-all"
                => SessionSetterFactory::new;
            /// An event whose recipient is not found goes to everyone.
            BroadcastFallback broadcast_fallback 12 "broadcast-fallback"
                => BroadcastFallbackFactory::new;
            /// An event of another user's is relabelled and sent.
            LaunderedPayload laundered_payload 19 "laundered-payload"
                => CatchUpFactory::new;
            /// Closing one user's engine closes the gateway that all engines use.
            CrossTeardown cross_teardown 30 "cross-teardown"
                => SharedGatewayFactory::new;
            /// A task that nobody holds outlives its run and its engine.
            OrphanTask orphan_task 32 "orphan-task"
                => OrphanTaskFactory::new;
            /// A call is registered before it queues, and guarded only once it has its turn.
            CancelLeak cancel_leak 33 "cancel-leak"
                => CancelLeakFactory::new;
            /// One permit for all users is held during one user's slow work.
            Starvation starvation 38 "starvation"
                => |model| GlobalPermitFactory::new(model, Legacy::PATIENCE);
            /// A lock that blocks its thread is held while the model is asked.
            LockAcrossAwait lock_across_await 39 "lock-across-await"
                => BlockingLockFactory::new;
            /// Answers are cached by the agent's name, without the user's.
            CacheWithoutUser cache_without_user 40 "cache-without-user"
                => AnswerCacheFactory::new;
            /// An error shows the whole roster of sessions.
            DiagnosticsLeak diagnostics_leak 44 "diagnostics-leak"
                => TalkativeErrorFactory::new;
            /// Tools work for "the current user", which is whoever began a run last.
            AmbientIdentity ambient_identity 49 "ambient-identity"
                => AmbientIdentityFactory::new;
            /// A cancelled call leaves its answer on the connection, and the next caller reads it. The connection has a
            /// model of its own at the other end.
            AnswerShift answer_shift 50 "answer-shift"
                => |_model| PipelinedConnectionFactory::new(Duration::ZERO);
            /// Whose turn it is, counted over all users, decides how a prompt is answered.
            Influence influence 51 "influence"
                => TakingTurnsFactory::new;
            /// A prompt is rendered into scratch space that two threads can use at once.
            ParallelOnly parallel_only 52 "parallel-only"
                => SharedScratchFactory::new;
        }
    };
}
