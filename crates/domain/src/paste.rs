//! Reading people out of pasted text.
