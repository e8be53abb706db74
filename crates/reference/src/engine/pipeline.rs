use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use thiserror::Error;

use super::UserExecutionEngine;
use crate::RunError;

/// A part of a pipeline. The text of a request is the input of the first step; the output of a step is the input of the next.
///
/// ```
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use std::sync::Arc;
/// use ssot_reference::{Config, ExecutionEngineFactory, Mailbox, RequestIds, Step};
///
/// # let factory = ExecutionEngineFactory::new(Config::default());
/// # let ada = RequestIds { user: "ada".into(), thread: "t".into(), run: "r".into(), session: "s".into() };
/// # let engine = factory.create(ada, Arc::new(Mailbox::default())).await?;
/// let pipeline = Step::sequence([
///     Step::agent("triage"),
///     Step::parallel([Step::tool("account_lookup"), Step::agent("data")]),
///     Step::when(|so_far| so_far.contains("free plan"), Step::agent("upgrade")),
/// ]);
/// let outputs = engine.run_pipeline(&pipeline, "what do I owe?").await?;
/// let steps: Vec<_> = outputs.iter().map(|output| &*output.step).collect();
/// assert_eq!(steps, ["triage", "account_lookup", "data", "upgrade"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Step(Kind);

#[derive(Clone)]
enum Kind {
    Agent(String),
    Tool(String),
    Sequence(Vec<Step>),
    Parallel(Vec<Step>),
    When(Arc<dyn Fn(&str) -> bool + Send + Sync>, Box<Step>),
}

impl Step {
    /// Runs an agent.
    pub fn agent(name: impl Into<String>) -> Self {
        Self(Kind::Agent(name.into()))
    }

    /// Calls a tool.
    pub fn tool(name: impl Into<String>) -> Self {
        Self(Kind::Tool(name.into()))
    }

    /// Runs steps one after another. Its output is that of the last step.
    pub fn sequence(steps: impl IntoIterator<Item = Self>) -> Self {
        Self(Kind::Sequence(steps.into_iter().collect()))
    }

    /// Runs steps at the same time, each with the same input. Its output is all outputs, a line each, in the order of the steps.
    pub fn parallel(steps: impl IntoIterator<Item = Self>) -> Self {
        Self(Kind::Parallel(steps.into_iter().collect()))
    }

    /// Runs a step if the condition is true of its input. Otherwise the input is the output.
    pub fn when(condition: impl Fn(&str) -> bool + Send + Sync + 'static, step: Self) -> Self {
        Self(Kind::When(Arc::new(condition), Box::new(step)))
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Agent(name) => f.debug_tuple("Agent").field(name).finish(),
            Kind::Tool(name) => f.debug_tuple("Tool").field(name).finish(),
            Kind::Sequence(steps) => f.debug_tuple("Sequence").field(steps).finish(),
            Kind::Parallel(steps) => f.debug_tuple("Parallel").field(steps).finish(),
            Kind::When(_, step) => f.debug_tuple("When").field(step).finish(),
        }
    }
}

/// What an agent or a tool of a pipeline returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepOutput {
    /// The name of the agent or the tool.
    pub step: String,
    /// Its output.
    pub text: String,
}

/// A step of a pipeline failed, and the steps after it did not run.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PipelineError {
    /// The pipeline did not begin.
    #[error(transparent)]
    NotBegun(#[from] RunError),
    /// An agent or a tool failed.
    #[error("the step `{step}` failed")]
    Step {
        /// The name of the agent or the tool.
        step: String,
        /// Why it failed.
        source: RunError,
    },
    /// No agent and no tool ran: the pipeline is empty, or no condition was true.
    #[error("no step of the pipeline ran; give it an agent or a tool that always runs")]
    Empty,
}

type Outputs = Result<(Vec<StepOutput>, String), PipelineError>;

type Running<'a> = Pin<Box<dyn Future<Output = Outputs> + Send + 'a>>;

impl UserExecutionEngine {
    /// Runs the steps of a pipeline, under one permit. Each agent and each tool is a run of its own, with events of its own.
    /// Returns what each returned, in the order of the steps.
    ///
    /// # Errors
    ///
    /// Returns the error of the first step that fails, and what [`run`](crate::ExecutionEngine::run) does. Steps that run at the
    /// same time as the one that fails are dropped.
    pub async fn run_pipeline(&self, pipeline: &Step, input: &str) -> Result<Vec<StepOutput>, PipelineError> {
        if input.trim().is_empty() {
            let reason = "the input of the pipeline is empty".to_owned();
            return Err(RunError::InvalidRequest { reason }.into());
        }
        self.tallied(async || {
            let (outputs, _last) = self.step(pipeline, input.to_owned()).await?;
            if outputs.is_empty() {
                return Err(PipelineError::Empty);
            }
            Ok(outputs)
        })
        .await
    }

    fn step<'a>(&'a self, step: &'a Step, input: String) -> Running<'a> {
        Box::pin(async move {
            match &step.0 {
                Kind::Agent(name) => one(
                    name,
                    self.run_with_events(name, &input).await.map(|answer| answer.text),
                ),
                Kind::Tool(name) => one(name, self.tool_with_events(name, &input).await),
                Kind::Sequence(steps) => {
                    let (mut outputs, mut last) = (Vec::new(), input);
                    for step in steps {
                        let (of_step, text) = self.step(step, last).await?;
                        outputs.extend(of_step);
                        last = text;
                    }
                    Ok((outputs, last))
                }
                Kind::Parallel(steps) => {
                    let all = steps.iter().map(|step| self.step(step, input.clone())).collect();
                    let (outputs, texts): (Vec<_>, Vec<_>) = at_once(all).await?.into_iter().unzip();
                    Ok((outputs.concat(), texts.join("\n")))
                }
                Kind::When(condition, step) if condition(&input) => self.step(step, input).await,
                Kind::When(..) => Ok((Vec::new(), input)),
            }
        })
    }
}

fn one(step: &str, result: Result<String, RunError>) -> Outputs {
    let step = step.to_owned();
    match result {
        Ok(text) => {
            let output = StepOutput {
                step,
                text: text.clone(),
            };
            Ok((vec![output], text))
        }
        Err(source) => Err(PipelineError::Step { step, source }),
    }
}

/// Polls all until each is done, or one fails; the others are dropped then.
async fn at_once(mut steps: Vec<Running<'_>>) -> Result<Vec<(Vec<StepOutput>, String)>, PipelineError> {
    let mut done: Vec<Option<(Vec<StepOutput>, String)>> = steps.iter().map(|_| None).collect();
    poll_fn(|cx| {
        for (step, done) in steps.iter_mut().zip(&mut done) {
            if done.is_none()
                && let Poll::Ready(output) = step.as_mut().poll(cx)
            {
                match output {
                    Ok(output) => *done = Some(output),
                    Err(error) => return Poll::Ready(Err(error)),
                }
            }
        }
        if done.iter().all(Option::is_some) {
            Poll::Ready(Ok(()))
        } else {
            Poll::Pending
        }
    })
    .await?;
    Ok(done.into_iter().flatten().collect())
}
