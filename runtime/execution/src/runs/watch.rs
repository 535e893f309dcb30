//! Somebody follows a run, from wherever they are in it until it ends.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use alcove_ids::{ExecutionId, TenantId};
use alcove_store::tables::{
    executions::{Key, Row, State},
    journal,
};
use tokio_util::sync::CancellationToken;

use super::{
    RunError,
    read::{recorded, stored},
    watchers::{Seat, WATCHERS_MAX},
};
use crate::{
    Engine, Step,
    node::Node,
    worker::{StepChange, step_changes},
};

/// How often the database is asked about a run that another node may have.
const LOOK: Duration = Duration::from_millis(500);

/// What happens in a run, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Watched {
    /// A step was made, or has changed.
    Step {
        /// Which change it is: a name that stays, by which a watch is taken up again after it.
        id: String,
        /// Where in the log the step stands: what came before at this place is out of date.
        position: usize,
        /// The step as this change has left it.
        step: Box<Step>,
    },
    /// The run is in another state.
    State {
        /// The word that users see.
        state: State,
        /// Why it was skipped, or what it waits for.
        reason: Option<String>,
    },
}

/// A run that somebody follows. It holds nothing but a place: what is not asked for is not read.
pub struct Watch {
    node: Arc<Node>,
    stopping: CancellationToken,
    key: Key,
    /// The last change that was told.
    after: Option<(usize, usize)>,
    /// Rows of the journal that were read.
    read: u32,
    told: Option<(State, Option<String>)>,
    coming: VecDeque<Watched>,
    is_over: bool,
    _seat: Seat,
}

impl Engine {
    /// Follows a run: the changes of its step log after this one (`None`: all), and its states.
    ///
    /// # Errors
    ///
    /// [`RunError::Unknown`]; [`RunError::Crowded`] if the tenant follows too many runs on this node;
    /// [`RunError::Place`] if `after` is not the id of a change.
    pub async fn watch(
        &self,
        tenant: &TenantId,
        execution: &ExecutionId,
        after: Option<&str>,
    ) -> Result<Watch, RunError> {
        let node = Arc::clone(self.node());
        let after = after.map(|id| place(id).ok_or_else(|| RunError::Place { id: id.to_owned() })).transpose()?;
        let row = self.execution(tenant, execution).await?;
        let seat = node.watchers.seat(tenant).ok_or(RunError::Crowded { max: WATCHERS_MAX })?;
        Ok(Watch {
            node,
            stopping: self.stopping().clone(),
            key: Key { tenant: row.tenant, id: row.id },
            after,
            read: 0,
            told: None,
            coming: VecDeque::new(),
            is_over: false,
            _seat: seat,
        })
    }
}

impl Watch {
    /// What happens next, once it has; `None`: the run is over, or the engine ends. A call that is given up loses
    /// nothing.
    ///
    /// # Errors
    ///
    /// The database does not answer, or the run was forgotten meanwhile.
    pub async fn next(&mut self) -> Result<Option<Watched>, RunError> {
        loop {
            if let Some(next) = self.coming.pop_front() {
                return Ok(Some(next));
            }
            if self.is_over || self.stopping.is_cancelled() {
                return Ok(None);
            }
            // Before it is looked at: what ends from now on wakes us.
            let settled = self.node.waiters.register(&self.key.tenant, &self.key.id);
            self.look().await?;
            if self.coming.is_empty() && !self.is_over {
                tokio::select! {
                    told = settled.settled() => if told.is_none() { tokio::time::sleep(LOOK).await },
                    () = tokio::time::sleep(LOOK) => {}
                    () = self.stopping.cancelled() => {}
                }
            }
        }
    }

    /// Reads what is new.
    async fn look(&mut self) -> Result<(), RunError> {
        let store = &self.node.store;
        let Key { tenant, id } = &self.key;
        // The row first: what a run has done by its end is in the journal by then.
        let row = stored(&self.node, tenant, id).await?;
        let grown = store
            .query_of(self.key.tenant.as_str(), &journal::next_seq(store.dialect(), std::slice::from_ref(&self.key)))
            .await?;
        let grown = grown.first().map(|cells| journal::decode_next_seq(cells)).transpose()?.map_or(0, |(_, seq)| seq);
        if grown > self.read {
            let (plan, records) = recorded(&self.node, &row).await?;
            let changes = step_changes(&plan, &records, self.after);
            self.after = changes.last().map(|change| change.at).or(self.after);
            self.read = grown;
            self.coming.extend(changes.into_iter().map(Watched::from));
        }
        let Row { state, reason, .. } = row;
        let now = (state, reason);
        if self.told.as_ref() != Some(&now) {
            self.coming.push_back(Watched::State { state: now.0, reason: now.1.clone() });
            self.told = Some(now);
        }
        self.is_over = matches!(state, State::Succeeded | State::Failed | State::Skipped | State::Cancelled);
        Ok(())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.node.waiters.forget(&self.key.tenant, &self.key.id);
    }
}

impl From<StepChange> for Watched {
    fn from(StepChange { at: (record, place), position, step }: StepChange) -> Self {
        Self::Step { id: format!("{record}.{place}"), position, step: Box::new(step) }
    }
}

/// The change of an id.
fn place(id: &str) -> Option<(usize, usize)> {
    let (record, place) = id.split_once('.')?;
    Some((record.parse().ok()?, place.parse().ok()?))
}
