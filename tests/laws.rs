//! Laws of the language core that hold for every text and every request.

#[path = "laws/deciding.rs"]
mod deciding;
#[path = "laws/hostile.rs"]
mod hostile;
#[path = "laws/loading.rs"]
mod loading;
#[path = "laws/model.rs"]
mod model;
#[path = "laws/mutations.rs"]
mod mutations;
#[path = "laws/places.rs"]
mod places;
#[path = "laws/sentences.rs"]
mod sentences;
