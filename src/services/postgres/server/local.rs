//! A server of the machine's own binaries, which lives for as long as somebody holds a lease.
//!
//! A lease is the FIFO `lease` in the server's folder, opened for writing. The shell script that runs the server reads it, and hence learns when the last lease ends, also by a kill.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use tokio::net::unix::pipe;
use tokio_postgres::Config;

use super::secret::secret;
use crate::digest::Digest;
use crate::files::LockedFolder;
use crate::settings;

const SCRIPT: &str = include_str!("local.sh");

/// For how many seconds a server without a lease waits for another.
const LINGER: &str = "5";

/// The file that names the folder of the server, and how the names of such folders begin.
const CURRENT: &str = "current";
const FOLDER: &str = "server-";

/// How long a server may take to be there.
const PATIENCE: Duration = Duration::from_secs(60);

/// Users that a server runs as where this process is root's, as which none runs.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// A server, for as long as this lives.
#[derive(Debug)]
pub(crate) struct LocalServer {
    pub(crate) config: Config,
    /// The kernel closes it where this process ends.
    _lease: File,
}

/// Where the binaries are, or why there are none.
pub(crate) fn binaries() -> Result<PathBuf, String> {
    let named = settings::text("SSOT_POSTGRES_BIN").map_err(|unreadable| unreadable.to_string())?;
    let has_both = |folder: &Path| {
        ["initdb", "postgres"]
            .iter()
            .all(|name| folder.join(name).is_file())
    };
    match named.as_deref() {
        Some("off") => return Err("SSOT_POSTGRES_BIN is off".to_owned()),
        Some(folder) if has_both(Path::new(folder)) => return Ok(folder.into()),
        Some(folder) => {
            return Err(format!(
                "SSOT_POSTGRES_BIN is {folder}, which holds no initdb and postgres"
            ));
        }
        None => {}
    }
    let path = env::var_os("PATH").unwrap_or_default();
    if let Some(folder) = env::split_paths(&path).find(|folder| has_both(folder)) {
        // A link to the binaries' own folder would not find what stands beside them.
        let real = fs::canonicalize(folder.join("postgres")).ok();
        let real = real
            .as_deref()
            .and_then(Path::parent)
            .filter(|folder| has_both(folder));
        return Ok(real.map_or(folder, Path::to_owned));
    }
    let installed = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut versions: Vec<(u32, PathBuf)> = installed
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| has_both(folder))
        .collect();
    versions.sort();
    let newest = versions.pop().map(|(_, folder)| folder);
    newest.ok_or_else(|| "initdb and postgres are neither in PATH nor in /usr/lib/postgresql".to_owned())
}

/// Finds the server of these binaries that this user's processes share, or starts it.
pub(crate) fn lease(binaries: &Path) -> io::Result<LocalServer> {
    let root = root()?;
    let key = Digest::new()
        .bytes(binaries.as_os_str().as_encoded_bytes())
        .bytes(SCRIPT.as_bytes());
    let place = root.join(format!("{:016x}", key.finish()));
    let locked = LockedFolder::acquire(&place)?;
    let begun = Instant::now();
    loop {
        let current = fs::read_to_string(place.join(CURRENT)).unwrap_or_default();
        if !current.is_empty()
            && let Some(server) = attach(&place.join(&current))?
        {
            return Ok(server);
        }
        clear(&place)?;
        let name = format!("{FOLDER}{}", secret());
        start(&place.join(&name), binaries)?;
        locked.replace(Path::new(CURRENT), &name)?;
        if begun.elapsed() > PATIENCE {
            return Err(io::Error::new(ErrorKind::TimedOut, "no server stays"));
        }
    }
}

/// The folder of this user's servers.
fn root() -> io::Result<PathBuf> {
    // Whose files this process makes, in the folder where they are made.
    let own = tempfile::tempfile()?.metadata()?.uid();
    let root = env::temp_dir().join(format!("ssot-postgres-{own}"));
    fs::create_dir_all(&root)?;
    let metadata = fs::symlink_metadata(&root)?;
    if metadata.uid() != own || !metadata.is_dir() {
        let what = format!("{} belongs to somebody else", root.display());
        return Err(io::Error::new(ErrorKind::PermissionDenied, what));
    }
    // A server's own user goes through it.
    fs::set_permissions(&root, fs::Permissions::from_mode(0o711))?;
    Ok(root)
}

/// Takes a lease of the server in a folder; `None` where nobody runs one there.
fn attach(folder: &Path) -> io::Result<Option<LocalServer>> {
    let path = folder.join("lease");
    // Where nobody reads it, this fails.
    let Ok(lease) = pipe::OpenOptions::new().open_sender(&path) else {
        return Ok(None);
    };
    let mut lease = File::from(lease.into_blocking_fd()?);
    let ready = fs::read_to_string(folder.join("port"));
    let password = fs::read_to_string(folder.join("password"));
    let (Ok(port), Ok(password)) = (ready, password) else {
        return Ok(None);
    };
    let Ok(port) = port.trim().parse() else {
        return Ok(None);
    };
    // So that the server stays for a while after this process, also where it ends at once.
    lease.write_all(b"lease\n")?;
    let mut config = Config::new();
    config
        .host(Ipv4Addr::LOCALHOST.to_string())
        .port(port)
        .user("ssot")
        .password(password.trim())
        .dbname("postgres");
    let server = LocalServer {
        config,
        _lease: lease,
    };
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if folder.join("failed").exists() {
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            let said = log.lines().last().unwrap_or("its log is empty");
            return Err(io::Error::other(format!("the server did not start: {said}")));
        }
        // It is moved away where the server ends.
        if !path.exists() {
            return Ok(None);
        }
        if std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(Some(server));
        }
        thread::sleep(Duration::from_millis(10));
    }
    // Its shell lives, and it does not.
    Ok(None)
}

/// Ends servers whose shell was killed, and removes their folders.
fn clear(place: &Path) -> io::Result<()> {
    for entry in fs::read_dir(place)?.flatten() {
        let (folder, name) = (entry.path(), entry.file_name());
        // One that is about to end may have been found by somebody before.
        let is_read = |fifo: &str| pipe::OpenOptions::new().open_sender(folder.join(fifo)).is_ok();
        if !name.to_string_lossy().starts_with(FOLDER) || is_read("lease") || is_read("ended") {
            continue;
        }
        let pid = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap_or_default();
        if let Some(pid) = pid.lines().next().and_then(|pid| pid.trim().parse::<u32>().ok()) {
            let works_in = fs::read_link(format!("/proc/{pid}/cwd")).unwrap_or_default();
            // The number may be another process's by now.
            if works_in.starts_with(&folder) {
                Command::new("kill").args(["-QUIT", &pid.to_string()]).status()?;
            }
        }
        // What its server writes while it ends may keep the folder: the next run removes that.
        drop(fs::remove_dir_all(folder));
    }
    Ok(())
}

/// Starts a server in a new folder.
fn start(folder: &Path, binaries: &Path) -> io::Result<()> {
    let place = folder.parent().expect("the folder was named within another");
    fs::create_dir(folder)?;
    let mut password = File::create_new(folder.join("password"))?;
    password.set_permissions(fs::Permissions::from_mode(0o600))?;
    writeln!(password, "{}", secret())?;
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    fs::write(folder.join("port"), port.to_string())?;
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", SCRIPT, "ssot-postgres"])
        .arg(folder)
        .arg(binaries)
        .args([&port.to_string(), LINGER])
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // What ends this process from a terminal is not meant for the server.
        .process_group(0);
    if fs::metadata(folder)?.uid() == 0 {
        let (user, group) = unprivileged()?;
        for path in [place, folder, &folder.join("password"), &folder.join("port")] {
            chown(path, Some(user), Some(group))?;
        }
        shell.uid(user).gid(group);
    }
    let mut shell = shell.spawn()?;
    // Until somebody reads its FIFO, as nobody does in the folder of a server whose shell was killed.
    let begun = Instant::now();
    while pipe::OpenOptions::new()
        .open_sender(folder.join("lease"))
        .is_err()
    {
        if shell.try_wait()?.is_some() || begun.elapsed() > PATIENCE {
            let what = format!(
                "a server cannot live in {}: its user has to reach that folder (TMPDIR)",
                folder.display()
            );
            fs::remove_dir_all(folder)?;
            return Err(io::Error::new(ErrorKind::PermissionDenied, what));
        }
        thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}

/// The numbers of a user and its group whom a server may run as, which root may not.
fn unprivileged() -> io::Result<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd")?;
    let found = UNPRIVILEGED.iter().find_map(|name| {
        let mut fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let fields = fields.find(|fields| fields.first() == Some(name))?;
        Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
    });
    found.ok_or_else(|| {
        let what = "PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody";
        io::Error::new(ErrorKind::NotFound, what)
    })
}
