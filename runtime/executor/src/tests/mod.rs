//! Programs built by hand, run natively against a host that answers from a script.

mod batching;
mod builder;
mod expressions;
mod flow;
mod limits;
mod phases;
mod robustness;
mod scripted;
mod transforms;
