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
            /// The engines of all users share one history.
            SharedState shared_state 1 "shared-state"
                => SharedStateFactory::new;
            /// Callers without an identity share the history of a placeholder user.
            DefaultBucket default_bucket 3 "default-bucket"
                => DefaultBucketFactory::new;
            /// The context of a pooled emitter is replaced while another run still emits through it.
            ContextOverwritten context_overwritten 6 "context-overwritten"
                => PooledEmitterFactory::new;
            /// The router sends every event to its primary session.
            WrongRecipient wrong_recipient 9 "wrong-recipient"
                => PrimarySinkFactory::new;
            /// Connecting the channel of one user makes it the channel of all users.
            SetterOverwritesAll setter_overwrites_all 10 "setter-overwrites-all"
                => SessionSetterFactory::new;
            /// An event whose recipient is not found is sent to everyone.
            BroadcastFallback broadcast_fallback 12 "broadcast-fallback"
                => BroadcastFallbackFactory::new;
            /// An event of another user is sent with the ids of the recipient.
            LaunderedPayload laundered_payload 19 "laundered-payload"
                => CatchUpFactory::new;
            /// Closing the engine of one user closes the gateway that all engines use.
            CrossTeardown cross_teardown 30 "cross-teardown"
                => SharedGatewayFactory::new;
            /// A task without an owner outlives its run and its engine.
            OrphanTask orphan_task 32 "orphan-task"
                => OrphanTaskFactory::new;
            /// A call is registered before it queues, and guarded only after it has left the queue.
            CancelLeak cancel_leak 33 "cancel-leak"
                => CancelLeakFactory::new;
            /// One permit for all users is held during the slow work of one user.
            Starvation starvation 38 "starvation"
                => |model| GlobalPermitFactory::new(model, Legacy::PATIENCE);
            /// A lock that blocks its thread is held while the model is asked.
            LockAcrossAwait lock_across_await 39 "lock-across-await"
                => BlockingLockFactory::new;
            /// Answers are cached under the name of the agent, without the user.
            CacheWithoutUser cache_without_user 40 "cache-without-user"
                => AnswerCacheFactory::new;
            /// An error message contains the list of all sessions.
            DiagnosticsLeak diagnostics_leak 44 "diagnostics-leak"
                => VerboseErrorFactory::new;
            /// Tools use "the current user", which is the user of the run that started last.
            AmbientIdentity ambient_identity 49 "ambient-identity"
                => AmbientIdentityFactory::new;
            /// A cancelled call leaves its answer on the connection, and the next call reads it. The connection leads to a model
            /// of its own.
            AnswerShift answer_shift 50 "answer-shift"
                => |_model| PipelinedConnectionFactory::new(Duration::ZERO);
            /// A counter over the calls of all users selects the variant of the agent that answers.
            Influence influence 51 "influence"
                => AlternatingVariantsFactory::new;
            /// A prompt is rendered in scratch space that two threads can use at the same time.
            ParallelOnly parallel_only 52 "parallel-only"
                => SharedScratchFactory::new;
        }
    };
}
