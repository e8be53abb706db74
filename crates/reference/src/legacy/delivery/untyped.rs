//! Events of producers that are older than the type of events: names and texts.

use crate::legacy::base::Base;
use crate::{Answer, DeliveryError, Request, RequestIds, RunError, UntypedEvent};

/// An event of this kind with these fields.
pub(super) fn event<const N: usize>(kind: &'static str, fields: [(&'static str, &str); N]) -> UntypedEvent {
    let fields = fields.map(|(name, value)| (name, value.to_owned()));
    [("type", kind.to_owned())].into_iter().chain(fields).collect()
}

/// A run whose tool sends these events.
pub(super) async fn untyped_run(
    base: &Base,
    request: &Request,
    of_tool: [UntypedEvent; 2],
) -> Result<Answer, RunError> {
    base.check_open()?;
    request.prompt()?;
    let _running = base.runs.enter();
    let ids = base.next_run();
    emit(
        base,
        &ids,
        event("agent_started", [("agent_name", request.agent())]),
    )
    .await?;
    for event in of_tool {
        emit(base, &ids, event).await?;
    }
    let result = base.complete(request).await;
    let last = match &result {
        Ok(answer) => event("agent_completed", [("answer", answer)]),
        Err(error) => event("agent_completed", [("error", &error.to_string())]),
    };
    emit(base, &ids, last).await?;
    Ok(Answer {
        run_id: ids.run,
        text: result?,
    })
}

async fn emit(base: &Base, ids: &RequestIds, mut event: UntypedEvent) -> Result<(), DeliveryError> {
    event.insert("user_id", ids.user.to_string());
    event.insert("run_id", ids.run.to_string());
    Ok(base.sink()?.deliver_untyped(&event).await?)
}
