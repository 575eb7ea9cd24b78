//! `topicgate lsp` as an editor sees it: the real binary over its standard input and output.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "it writes rule files and runs the binary")]

mod client;
mod editing;
mod findings;
mod protocol;
