//! Sockets of the operating system, which need real time.

use std::sync::Arc;

use ssot_harness::prelude::*;
use tokio::task::yield_now;

use crate::systems::LONG;

/// A service behind a real socket that answers whoever asks with what was asked last.
struct Socket(std::net::SocketAddr);

impl Socket {
    async fn serve(leaky: bool) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

            let last = Arc::new(tokio::sync::Mutex::new(String::new()));
            while let Ok((stream, _)) = listener.accept().await {
                let last = Arc::clone(&last);
                tokio::spawn(async move {
                    let (reader, mut writer) = stream.into_split();
                    let mut line = String::new();
                    if BufReader::new(reader).read_line(&mut line).await.is_ok() {
                        last.lock().await.clone_from(&line);
                        yield_now().await;
                        let answer = if leaky { last.lock().await.clone() } else { line };
                        // A client that has gone away wants no answer.
                        let _: std::io::Result<()> = writer.write_all(answer.as_bytes()).await;
                    }
                });
            }
        });
        Self(address)
    }

    async fn ask(&self, question: &str) -> std::io::Result<String> {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};

        let mut stream = tokio::net::TcpStream::connect(self.0).await?;
        stream.write_all(format!("{question}\n").as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }
}

fn socket(leaky: bool) -> Check<Socket> {
    isolation(async move || Socket::serve(leaky).await)
        .users(3, async |user: &User, socket: &Socket| {
            user.saw(Surface::Row, &user.secret("own"));
            user.saw(Surface::Reply, &socket.ask(&user.secret("own")).await?);
            Ok(())
        })
        .within(LONG)
        .without_regressions()
}

#[test]
fn real_sockets_meet_a_clock_that_stands_still() {
    let failure = socket(false).check().unwrap_err();
    assert_eq!(failure.kind(), FailureKind::RealIo);
    assert!(failure.to_string().contains(".real_io()"), "{failure}");
    let in_a_task = isolation(async || ())
        .users(2, async |user: &User, (): &()| {
            user.saw(Surface::Reply, &user.secret("own"));
            let listening = tokio::spawn(async { tokio::net::TcpListener::bind("127.0.0.1:0").await });
            listening.await??;
            Ok(())
        })
        .within(LONG)
        .without_regressions();
    assert_eq!(in_a_task.check().unwrap_err().kind(), FailureKind::RealIo);
}

#[test]
fn real_sockets_work_in_real_time() {
    let report = socket(false).real_io().executions(60).check().unwrap();
    assert_eq!(report.executions(), 60);
    assert!(report.certificate().is_none(), "there is none in real time");
    assert!(!report.to_string().contains("enumeration"), "{report}");
    let failure = socket(true).real_io().executions(2_000).check().unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::ContextLeak, "{failure}");
    assert!(failure.to_string().contains("best effort"), "{failure}");
}
