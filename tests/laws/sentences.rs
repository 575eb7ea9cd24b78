//! The language page, sentence by sentence.
