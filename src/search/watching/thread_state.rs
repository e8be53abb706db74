use std::fs;

use crate::report::ThreadState;

/// A thread of this process, for [`looked_at`]; `None` where the operating system has no number for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ThreadId(Option<i32>);

impl ThreadId {
    /// This thread's.
    pub(super) fn here() -> Self {
        #[cfg(target_os = "linux")]
        let number = Some(rustix::thread::gettid().as_raw_nonzero().get());
        #[cfg(not(target_os = "linux"))]
        let number = None;
        Self(number)
    }
}

/// What a thread does at this moment. `None` where the operating system does not say.
///
/// Its backtrace would say more. To take one, a signal handler on that thread would have to unwind its stack, which takes locks and
/// allocates: where the thread was interrupted within the allocator or the loader, the process would stand still for good.
pub(super) fn looked_at(thread: ThreadId) -> Option<ThreadState> {
    let file = format!("/proc/self/task/{}/syscall", thread.0?);
    // Some systems are built without it.
    state(&fs::read_to_string(file).ok()?)
}

/// What the kernel's line says: `running`, or the number of a system call and its arguments.
fn state(line: &str) -> Option<ThreadState> {
    match line.split_whitespace().next()? {
        "running" => Some(ThreadState::Computes),
        number => {
            let number = number.parse().ok()?;
            let known = SYSTEM_CALLS.iter().find(|(known, _)| *known == number);
            Some(ThreadState::SystemCall {
                number,
                name: known.map(|(_, name)| *name),
            })
        }
    }
}

/// Those in which threads wait.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
const SYSTEM_CALLS: &[(i64, &str)] = &[
    (0, "read"),
    (1, "write"),
    (7, "poll"),
    (23, "select"),
    (35, "nanosleep"),
    (42, "connect"),
    (43, "accept"),
    (45, "recvfrom"),
    (47, "recvmsg"),
    (61, "wait4"),
    (72, "fcntl"),
    (73, "flock"),
    (74, "fsync"),
    (202, "futex"),
    (230, "clock_nanosleep"),
    (232, "epoll_wait"),
    (247, "waitid"),
    (271, "ppoll"),
    (281, "epoll_pwait"),
    (288, "accept4"),
];

/// Those in which threads wait.
#[cfg(all(target_os = "linux", target_arch = "aarch64"))]
const SYSTEM_CALLS: &[(i64, &str)] = &[
    (22, "epoll_pwait"),
    (25, "fcntl"),
    (32, "flock"),
    (63, "read"),
    (64, "write"),
    (73, "ppoll"),
    (82, "fsync"),
    (95, "waitid"),
    (98, "futex"),
    (101, "nanosleep"),
    (115, "clock_nanosleep"),
    (202, "accept"),
    (203, "connect"),
    (207, "recvfrom"),
    (212, "recvmsg"),
    (242, "accept4"),
    (260, "wait4"),
];

/// Their numbers differ from one processor to the next.
#[cfg(all(
    target_os = "linux",
    not(any(target_arch = "x86_64", target_arch = "aarch64"))
))]
const SYSTEM_CALLS: &[(i64, &str)] = &[];

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread;
    use std::time::{Duration, Instant};

    use super::{ThreadId, ThreadState, looked_at, state};

    #[test]
    fn a_line_of_the_kernel_is_a_number_or_says_that_the_thread_runs() {
        assert_eq!(state("running\n"), Some(ThreadState::Computes));
        let unknown = ThreadState::SystemCall {
            number: 9_999,
            name: None,
        };
        assert_eq!(state("9999 0x1 0x2"), Some(unknown));
        assert_eq!(
            state("-1 0x7ffe 0x7f00"),
            Some(ThreadState::SystemCall {
                number: -1,
                name: None
            })
        );
        assert_eq!(state(""), None);
    }

    /// Where the kernel does not say, there is nothing to test.
    #[test]
    fn a_thread_that_waits_for_a_channel_is_in_a_system_call() {
        let (number, numbered) = channel();
        let (end, ended) = channel::<()>();
        let waiting = thread::spawn(move || {
            number.send(ThreadId::here()).unwrap();
            ended.recv().unwrap_or(());
        });
        let waits = numbered.recv().unwrap();
        let patience = Instant::now() + Duration::from_secs(10);
        let is_waiting = |state| {
            matches!(
                state,
                ThreadState::SystemCall {
                    name: Some("futex"),
                    ..
                }
            )
        };
        let says = loop {
            let says = looked_at(waits);
            if says.is_none_or(is_waiting) || Instant::now() > patience {
                break says;
            }
            thread::yield_now();
        };
        drop(end);
        waiting.join().unwrap();
        if cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) {
            assert!(says.is_none_or(is_waiting), "{says:?}");
        }
    }
}
