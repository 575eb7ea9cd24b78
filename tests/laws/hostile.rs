//! Files made to exhaust whoever reads them.
