use std::fmt;

/// What the operating system says of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ThreadState {
    /// It is in no system call.
    Computes,
    /// It is in the system call of this number. A negative number stands for a wait that is none.
    SystemCall { number: i64, name: Option<&'static str> },
}

impl fmt::Display for ThreadState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Computes => f.write_str("the thread computes: it is in no system call"),
            Self::SystemCall { name: None, number } => {
                write!(f, "the thread waits in the system call of number {number}")
            }
            Self::SystemCall { name: Some(name), .. } => {
                write!(f, "the thread waits in the system call `{name}`")?;
                match name {
                    "futex" => f.write_str(": for a lock, a channel, a condition variable or another thread"),
                    "nanosleep" | "clock_nanosleep" => f.write_str(": it sleeps"),
                    "wait4" | "waitid" => f.write_str(": for another process"),
                    _ => Ok(()),
                }
            }
        }
    }
}
