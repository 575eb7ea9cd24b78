//! `topicgate lsp` as an editor sees it: the real binary over its standard input and output.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test fails by panicking")]
#![expect(clippy::cast_possible_truncation, reason = "lines and columns are few")]
#![expect(clippy::needless_pass_by_value, reason = "`json!` is written where it is sent")]
#![expect(clippy::disallowed_methods, reason = "it writes rule files and runs the binary")]

mod client;
mod editing;
mod findings;
mod protocol;
