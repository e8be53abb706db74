use super::server::MockServer;
use crate::case::Case;

impl Case {
    /// A server of mocks, at an address of this machine: see [`services::mock_server`](crate::services::mock_server). At the end, the test fails where a request came that
    /// no mock was for.
    #[track_caller]
    pub fn mock_server(&self) -> impl Future<Output = MockServer> + Send {
        let (started, requests) = MockServer::prepare();
        self.on_cleanup(async move { requests.verify() });
        started
    }
}
