//! What an embedding page asks for and what it is handed, as plain data.
//!
//! [`options`] reads the element's attributes, [`purpose`] says what the host may do with readings,
//! [`reading`] is a reading as the host gets it, [`fault`] an error as it gets it, and [`words`]
//! holds the sentences that only the element says.

pub mod fault;
pub mod options;
pub mod purpose;
pub mod reading;
pub mod words;
