//! A server of mocks.

use ssot_harness::prelude::*;
use ssot_harness::services::mock_server::MockServer;
use wiremock::matchers::{header, method, path};
use wiremock::{Request, ResponseTemplate};

async fn add_mocks(server: &MockServer) {
    let reply = ResponseTemplate::new(200).set_body_string("1.09");
    let rates = server.given(method("GET")).and(path("/rates")).named("rates");
    rates.respond_with(reply.clone()).await;
    let orders = server.given(method("POST")).and(header("x-key", "k"));
    let orders = orders.and(|request: &Request| !request.body.is_empty());
    orders.respond_at_most(1, reply).await;
}

#[ssot_harness::test]
async fn mocks_answer(case: &Case) -> CaseResult {
    let [ada] = case.users();
    let server = case.mock_server().await;
    add_mocks(&server).await;
    let http = ada.http_at(&server.uri());
    assert_eq!(http.get("/rates").await?.text(), "1.09");
    assert_eq!(
        http.post("/orders")
            .header("x-key", "k")
            .body("1")
            .await?
            .status(),
        200
    );
    server.verify()?;
    Ok(())
}

#[ssot_harness::test]
async fn what_no_mock_is_for_is_told_with_the_nearest(case: &Case) -> CaseResult {
    let [ada] = case.users();
    let server = MockServer::start().await;
    add_mocks(&server).await;
    let http = ada.http_at(&server.uri());
    for request in [http.get("/rate?on=1"), http.post("/orders").header("x-key", "k")] {
        assert_eq!(request.await?.status(), 404);
    }
    for _ in 0..2 {
        http.post("/orders").header("x-key", "k").body("1").await?;
    }
    let error = server.verify().unwrap_err();
    assert_eq!(
        error.requests(),
        [
            "no mock is for GET /rate?on=1 with the body \"\"; the nearest is rates, where this does not hold: PathExactMatcher",
            "no mock is for POST /orders with the body \"\"; the nearest is mock 2, where this does not hold: a function",
            "no mock is for POST /orders with the body \"1\"; mock 2 is, but it has answered as often as it may",
        ]
    );
    Ok(())
}
