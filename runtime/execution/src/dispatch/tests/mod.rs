//! Whole engines: what is started when, what stops it, and what becomes of it when its worker or its node is gone.

mod cancel;
mod fairness;
mod leases;
mod locks;
mod nodes;
mod world;

use self::world::{World, gated};
