//! What the system says about the memory of this process.

/// Bytes that the process holds.
pub(super) struct Memory {
    /// Before the set was read.
    pub(super) before: Option<u64>,
    /// With the set, and nothing else that was needed to load it.
    pub(super) with_set: Option<u64>,
}

/// The bytes that the process holds now, where the system tells.
#[cfg(target_os = "linux")]
pub(super) fn resident() -> Option<u64> {
    use procfs::{WithCurrentSystemInfo, process::Process};
    Some(Process::myself().ok()?.stat().ok()?.rss_bytes().get())
}

/// The bytes that the process holds now, where the system tells.
#[cfg(not(target_os = "linux"))]
pub(super) fn resident() -> Option<u64> {
    None
}
