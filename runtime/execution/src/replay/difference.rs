//! Where a replay left its journal, or could not follow it any further, in words for people.

use alcove_journal::cursor::{Divergence, Moment, Place};
use alcove_plan::plan::Plan;
use serde::Serialize;
use utoipa::ToSchema;

/// What the run did otherwise than its journal says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Difference {
    /// Where in the config: a JSON pointer; the root where it is the run as a whole.
    pub place: String,
    /// What the journal has.
    pub expected: String,
    /// What the run came to.
    pub found: String,
}

/// Where the journal ends before the run does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Stopped {
    /// Where in the config: a JSON pointer; the root where it is the run as a whole.
    pub place: String,
    /// What the run would do next, and why the journal does not say what came of it.
    pub reason: String,
}

impl Difference {
    /// At the root: nothing in particular of the config.
    pub(super) fn of_run(expected: &str, found: &dyn ToString) -> Self {
        Self { place: String::new(), expected: expected.to_owned(), found: found.to_string() }
    }

    pub(super) fn of(plan: &Plan, divergence: &Divergence) -> Self {
        Self {
            place: pointer(plan, &divergence.place()).to_owned(),
            expected: words(plan, &divergence.expected),
            found: words(plan, &divergence.found),
        }
    }
}

/// The JSON pointer of a place.
pub(super) fn pointer<'p>(plan: &'p Plan, place: &Place) -> &'p str {
    let at = |index: &u32| usize::try_from(*index).unwrap_or(usize::MAX);
    let index = match place {
        Place::Run => Some(0),
        Place::Query(query) => plan.queries.get(at(query)).map(|query| query.place),
        Place::Action { action, .. } => plan.actions.get(at(action)).map(|action| action.place),
    };
    index.map_or("", |index| plan.place(index))
}

/// What a run does at a moment.
pub(super) fn words(plan: &Plan, moment: &Moment) -> String {
    match moment {
        Moment::Start { pin, value } => format!("{pin} `{value}`"),
        Moment::Read { query, page, arguments } => {
            let found = usize::try_from(*query).ok().and_then(|at| plan.queries.get(at));
            let (connector, place) =
                found.map_or(("?", ""), |query| (query.connector.as_str(), plan.place(query.place)));
            format!("page {page} of `{connector}` at `{place}`, arguments {arguments}")
        }
        Moment::Effect { action, indices, digest, .. } => {
            let found = usize::try_from(*action).ok().and_then(|at| plan.actions.get(at));
            let (name, place) = found.map_or(("?", ""), |action| (action.name.as_str(), plan.place(action.place)));
            let iteration = if indices.is_empty() { String::new() } else { format!(" in iteration {indices:?}") };
            format!("`{name}` at `{place}`{iteration}, digest {digest}")
        }
        Moment::Suspend => "a pause until somebody decides".to_owned(),
        Moment::End { ending } => format!("the end: {ending}"),
    }
}
