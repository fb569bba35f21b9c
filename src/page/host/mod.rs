//! The options of an embedding page and the data that it receives, as plain data.
//!
//! [`options`] parses the element's attributes, [`purpose`] checks the purpose that the host
//! declares, [`reading`] and [`error`] define readings and errors as the host receives them, and
//! [`words`] holds the messages that only the element uses.

pub mod error;
pub mod options;
pub mod purpose;
pub mod reading;
pub mod words;
