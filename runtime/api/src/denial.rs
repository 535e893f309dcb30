//! Calls that are refused for who makes them: none is answered before it is in the audit log.

use alcove_control::{Control, Principal};

use crate::{operation::Operation, problem::Problem};

/// How much of a path is written down, in characters.
const PATH_CHARS_MAX: usize = 500;

/// One call, for the case that it is refused.
pub(crate) struct Denials {
    control: Control,
    operation: &'static Operation,
    path: String,
}

impl Denials {
    /// Of a call of this operation.
    pub(crate) fn of(control: &Control, operation: &'static Operation, path: &str) -> Self {
        Self { control: control.clone(), operation, path: path.chars().take(PATH_CHARS_MAX).collect() }
    }

    /// Writes down that the caller was refused, if that is what it came to. What the caller is told is that, or that
    /// the call cannot be answered now.
    pub(crate) async fn told<T>(&self, by: Option<&Principal>, reply: Result<T, Problem>) -> Result<T, Problem> {
        let problem = match reply {
            Err(problem) if problem.is_denial() => problem,
            reply => return reply,
        };
        let name = format!("{} {}", self.operation.method, self.operation.path);
        self.control.denied(by, &name, &self.path, problem.detail()).await?;
        Err(problem)
    }
}
