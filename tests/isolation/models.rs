//! The fake of the APIs of language models.

use std::time::Duration;

use rstest::rstest;
use serde_json::{Value, json};
use ssot_harness::events::Protocol;
use ssot_harness::prelude::*;
use ssot_harness::services::http::HttpError;
use ssot_harness::services::llm::{Api, Fault, Llm, Reply, When};

fn asked(text: &str, stream: bool) -> Value {
    json!({ "model": "m", "stream": stream, "messages": [{ "role": "user", "content": text }] })
}

/// A system that asks the model for its users, by one prompt that it keeps: in one place for all of them, where it is faulty.
struct Assistant {
    llm: Llm,
    prompt: std::sync::Mutex<String>,
    is_faulty: bool,
}

impl Assistant {
    async fn ask(&self, user: &User, question: &str) -> Result<Value, Box<dyn std::error::Error>> {
        let http = user.http(&self.llm).bearer(user.llm(&self.llm));
        let mut prompt = format!("Answer this: {question}");
        prompt.clone_into(&mut self.prompt.lock().unwrap());
        tokio::task::yield_now().await;
        if self.is_faulty {
            prompt.clone_from(&self.prompt.lock().unwrap());
        }
        let reply = http
            .post("/v1/chat/completions")
            .json(&asked(&prompt, false))
            .await?;
        Ok(reply.error_for_status()?.json()?)
    }
}

fn assistants(is_faulty: bool) -> Verdict {
    isolation(async move || {
        let llm = Llm::new();
        llm.on(When::any()).reply("It rains.");
        Assistant {
            llm,
            prompt: std::sync::Mutex::default(),
            is_faulty,
        }
    })
    .users(2, async |user: &User, assistant: &Assistant| {
        assistant.ask(user, &user.secret("question")).await?;
        Ok(())
    })
    .executions(300)
    .without_regressions()
    .check()
}

#[test]
fn a_request_of_one_user_with_the_secret_of_another_is_a_leak() {
    let failure = assistants(true).unwrap_err();
    let found = &failure.violations()[0];
    assert_eq!(
        (found.kind(), found.surface()),
        (Kind::ContextLeak, Some(Surface::Http)),
        "{failure}"
    );
    assistants(false).unwrap();
}

/// Each frame is a point at which somebody else may go first; the stream is whole all the same.
#[rstest]
#[case(Protocol::openai_chat(), "/v1/chat/completions")]
#[case(Protocol::openai_responses(), "/v1/responses")]
#[case(Protocol::anthropic_messages(), "/v1/messages")]
fn streams_follow_their_protocols_under_every_schedule(
    #[case] protocol: Protocol,
    #[case] path: &'static str,
) {
    let verdict = isolation(async || {
        let llm = Llm::new();
        llm.on(When::any())
            .answer(|request| Reply::text(format!("You said {}", request.last_message())));
        llm
    })
    .users(2, async move |user: &User, llm: &Llm| {
        let http = user.http(llm).bearer(user.llm(llm));
        let mut body = asked(&user.secret("question"), true);
        body["input"] = body["messages"].clone();
        let mut events = http.sse(path).post(&body).await?;
        while events.next().await?.is_some() {}
        Ok(())
    })
    .protocol(protocol)
    .executions(100)
    .without_regressions()
    .check();
    let report = verdict.unwrap();
    assert!(report.caveats().is_empty(), "{report}");
}

/// A client that takes half an answer for a whole one, and one that does not.
#[rstest]
#[case::that_ignores_cuts(true)]
#[case::that_notices_cuts(false)]
fn the_search_cuts_a_stream_and_says_where(#[case] ignores: bool) {
    let verdict = isolation(async || {
        let llm = Llm::new().with_faults([Fault::Cut]);
        llm.on(When::any()).reply("It rains in Oslo.");
        (llm, std::sync::Mutex::new(Vec::new()))
    })
    .users(
        2,
        async move |user: &User, (llm, answers): &(Llm, std::sync::Mutex<Vec<String>>)| {
            user.saw(Surface::Reply, &user.secret("card"));
            let http = user.http(llm).bearer(user.llm(llm));
            let Ok(mut events) = http.sse("/v1/chat/completions").post(&asked("?", true)).await else {
                return Ok(());
            };
            let mut answer = String::new();
            loop {
                match events.next().await {
                    Ok(Some(event)) => {
                        let chunk: Value = event.json().unwrap_or_default();
                        answer += chunk["choices"][0]["delta"]["content"]
                            .as_str()
                            .unwrap_or_default();
                    }
                    Ok(None) => break,
                    Err(_) if ignores => break,
                    Err(_) => return Ok(()),
                }
            }
            answers.lock().unwrap().push(answer);
            Ok(())
        },
    )
    .invariant(
        "every answer is whole",
        |(_, answers): &(Llm, std::sync::Mutex<Vec<String>>)| {
            answers
                .lock()
                .unwrap()
                .iter()
                .all(|answer| answer == "It rains in Oslo.")
        },
    )
    .executions(500)
    .without_regressions()
    .check();
    if ignores {
        let failure = verdict.unwrap_err();
        assert_eq!(
            failure.violations()[0].kind(),
            Kind::InconsistentState,
            "{failure}"
        );
        assert!(!failure.is_nondeterministic(), "{failure}");
        assert!(
            failure.replay_text().is_some_and(|text| text.contains('t')),
            "{failure}"
        );
    } else {
        verdict.unwrap();
    }
}

#[ssot_harness::test]
async fn replies_come_in_sequence_for_each_user_by_itself(case: &Case) -> CaseResult {
    let [ada, ben] = case.users();
    let llm = Llm::new();
    llm.on(When::user(&ada).and_containing("weather"))
        .replies(["rain", "sun"]);
    llm.on(When::any().model("m"))
        .named("the rest")
        .replies([Reply::text("yes")]);
    let ask = async |user: &User, text: &str| {
        let http = user.http(&llm).bearer(user.llm(&llm));
        let reply = http
            .post("/v1/chat/completions")
            .json(&asked(text, false))
            .await?;
        let body: Value = reply.json()?;
        Ok::<_, HttpError>(body.pointer("/choices/0/message/content").cloned())
    };
    assert_eq!(ask(&ada, "weather?").await?, Some(json!("rain")));
    assert_eq!(ask(&ben, "weather?").await?, Some(json!("yes")));
    assert_eq!(ask(&ada, "the weather").await?, Some(json!("sun")));
    assert_eq!(ask(&ada, "weather").await?, Some(json!("yes")));
    assert_eq!((llm.requests(), llm.verify().is_ok()), (4, true));
    assert_eq!(ask(&ben, "news?").await?, None);
    let error = llm.verify().unwrap_err().to_string();
    assert_eq!(
        error,
        "no script answers a chat completion of the model \"m\", whose last message is \"news?\"; the nearest is the rest: all of its \
         1 replies have been given"
    );
    Ok(())
}

#[ssot_harness::test]
async fn the_nearest_script_is_the_one_that_differs_least(case: &Case) -> CaseResult {
    let llm = Llm::new();
    llm.on(When::containing("a").and_containing("b")).reply("1");
    llm.on(When::containing("z").model("n").api(Api::OpenAiResponses))
        .reply("2");
    let reply = case
        .http(&llm)
        .post("/v1/chat/completions")
        .json(&asked("a", false))
        .await?;
    let what = reply.json::<Value>()?["error"]["message"].to_string();
    assert!(
        reply.status() == 404 && what.ends_with(r#"script 1: \"b\" does not stand in the request""#),
        "{what}"
    );
    assert_eq!(llm.verify().unwrap_err().requests().len(), 1);
    Ok(())
}

#[rstest]
#[case(Reply::status(401), 401, None, "authentication_error")]
#[case(Reply::status(429).retry_after(7), 429, Some("7"), "rate_limit_error")]
#[case(Reply::status(429), 429, Some("1"), "rate_limit_error")]
#[case(Reply::status(500), 500, None, "api_error")]
#[case(Reply::status(529), 529, None, "overloaded_error")]
fn refusals_are_those_of_the_api(
    #[case] reply: Reply,
    #[case] status: u16,
    #[case] retry_after: Option<&'static str>,
    #[case] kind: &'static str,
    #[values("/v1/chat/completions", "/v1/messages", "/v1/responses")] path: &'static str,
) {
    let verdict = isolation(async move || {
        let llm = Llm::new();
        llm.on(When::any()).reply(reply.clone());
        llm
    })
    .users(2, async move |user: &User, llm: &Llm| {
        user.saw(Surface::Reply, &user.secret("card"));
        let answer = user.http(llm).post(path).json(&asked("?", true)).await?;
        assert_eq!(
            (answer.status(), answer.header("retry-after")),
            (status, retry_after)
        );
        assert_eq!(answer.json::<Value>()?["error"]["type"], kind);
        Ok(())
    })
    .executions(1)
    .without_regressions()
    .check();
    verdict.unwrap();
}

#[ssot_harness::test]
async fn a_reply_is_delayed_cut_or_malformed_as_asked(case: &Case) -> CaseResult {
    let llm = case.llm();
    llm.on(When::containing("late"))
        .reply(Reply::chunks(["a", "b"]).every(Duration::from_millis(2)));
    llm.on(When::containing("cut"))
        .reply(Reply::chunks(["a", "b"]).cut_after(2));
    llm.on(When::containing("odd")).reply(Reply::malformed());
    let http = case.http(&llm);
    let begun = std::time::Instant::now();
    let mut events = http
        .sse("/v1/chat/completions")
        .post(&asked("late", true))
        .await?;
    while events.next().await?.is_some() {}
    assert!(begun.elapsed() >= Duration::from_millis(10));
    let mut events = http.sse("/v1/chat/completions").post(&asked("cut", true)).await?;
    events.next().await?;
    events.next().await?;
    events.next().await.unwrap_err();
    http.post("/v1/responses")
        .json(&asked("cut", false))
        .await
        .unwrap_err();
    let reply = http.post("/v1/responses").json(&asked("odd", false)).await?;
    assert!(reply.status() == 200 && reply.json::<Value>().is_err());
    assert_eq!(http.get("/v1/models").await?.json::<Value>()?["data"], json!([]));
    assert_eq!(http.get("/v2/else").await?.status(), 404);
    Ok(())
}

#[ssot_harness::test]
async fn scripts_are_read_from_files(case: &Case) -> CaseResult {
    let folder = case.temp_dir()?;
    let llm = case.llm();
    let error = llm.load(&folder).unwrap_err().to_string();
    assert!(
        error.ends_with("the folder has no file that ends in `.json`"),
        "{error}"
    );
    let file = folder.join("weather.json");
    std::fs::write(&file, r#"{ "scripts": [{ "contains": [] }] }"#)?;
    let error = llm.load(&folder).unwrap_err().to_string();
    assert!(
        error.contains("weather.json: it holds no scripts: unknown field `contains`"),
        "{error}"
    );
    std::fs::write(
        &file,
        r#"{ "scripts": [{ "containing": ["weather"], "model": "m", "repeat": true, "replies": [
            { "tool_calls": [{ "name": "get_weather", "arguments": { "city": "Oslo" } }] },
            { "text": "It rains.", "usage": { "input": 12, "output": 3 } }] }] }"#,
    )?;
    llm.load(&folder)?;
    let http = case.http(&llm);
    let ask = async || {
        http.post("/v1/messages")
            .json(&asked("weather", false))
            .await?
            .json::<Value>()
    };
    assert_eq!(ask().await?["content"][0]["input"], json!({ "city": "Oslo" }));
    let second = ask().await?;
    assert_eq!(
        second["content"],
        json!([{ "type": "text", "text": "It rains." }])
    );
    assert_eq!(
        (
            &second["usage"]["input_tokens"],
            &second["usage"]["output_tokens"]
        ),
        (&json!(12), &json!(3))
    );
    assert_eq!(ask().await?["content"], second["content"]);
    Ok(())
}
