//! Durable execution as a pure state machine.
