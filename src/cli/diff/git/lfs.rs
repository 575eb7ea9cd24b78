//! Files that Git LFS keeps elsewhere: of them git has a pointer only, which reads like a short list.

/// How a pointer begins: <https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";

pub(super) fn is_pointer(bytes: &[u8]) -> bool {
    bytes.starts_with(POINTER)
}
