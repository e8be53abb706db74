use std::io;
use std::net::SocketAddr;
#[cfg(unix)]
use std::path::PathBuf;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// A stream to a server.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Where a server listens.
#[derive(Clone, Debug)]
pub(crate) enum Upstream {
    Tcp(SocketAddr),
    #[cfg(unix)]
    Unix(PathBuf),
}

impl Upstream {
    /// The first address of a configuration that answers.
    pub(crate) async fn of(config: &Config) -> io::Result<Self> {
        let ports = config.get_ports();
        let port = |index: usize| ports.get(index).or(ports.first()).copied().unwrap_or(5432);
        let mut last = io::Error::new(io::ErrorKind::NotFound, "no host is named");
        for (index, address) in config.get_hostaddrs().iter().enumerate() {
            match TcpStream::connect((*address, port(index))).await {
                Ok(stream) => return Ok(Self::Tcp(stream.peer_addr()?)),
                Err(error) => last = error,
            }
        }
        for (index, host) in config.get_hosts().iter().enumerate() {
            match host {
                Host::Tcp(host) => {
                    for address in lookup_host((host.as_str(), port(index))).await? {
                        match TcpStream::connect(address).await {
                            Ok(_) => return Ok(Self::Tcp(address)),
                            Err(error) => last = error,
                        }
                    }
                }
                #[cfg(unix)]
                Host::Unix(folder) => {
                    let path = folder.join(format!(".s.PGSQL.{}", port(index)));
                    match tokio::net::UnixStream::connect(&path).await {
                        Ok(_) => return Ok(Self::Unix(path)),
                        Err(error) => last = error,
                    }
                }
            }
        }
        Err(last)
    }

    pub(super) async fn connect(&self) -> io::Result<Box<dyn Stream>> {
        match self {
            Self::Tcp(address) => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
            #[cfg(unix)]
            Self::Unix(path) => Ok(Box::new(tokio::net::UnixStream::connect(path).await?)),
        }
    }
}
