//! Every diagnostic as users see it.
