//! Laws of the language core that hold for every text and every request.

mod deciding;
mod hostile;
mod loading;
mod model;
mod mutations;
mod places;
mod sentences;
