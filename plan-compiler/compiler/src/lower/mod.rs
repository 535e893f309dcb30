//! From the checked app to the two sections of a plan: variables become slots, columns positions, nested blocks one
//! list of nodes, expressions postfix code. Nothing can go wrong here but size, which the verifier holds against the
//! limits.

mod expr;
mod flow;
mod pipeline;
mod tables;

use std::collections::BTreeMap;

use alcove_builtins::BUILTINS_VERSION;
use alcove_plan::{
    expr::{ExprId, Slot},
    plan::Plan,
    program::{self, Program, input_slot},
    query,
};

use crate::checked::{App, LayoutId, Layouts, Query, VarId};

use tables::Tables;

/// The plan of an app.
pub(crate) fn lower(app: &App) -> (Plan, Program) {
    let plan = Plan {
        name: app.name.clone(),
        version: app.version.clone(),
        builtins_version: BUILTINS_VERSION,
        trigger: app.trigger.clone(),
        settings: app.settings.clone(),
        queries: Vec::new(),
        actions: Vec::new(),
        places: Vec::new(),
    };
    let mut lowering = Lowering {
        app,
        layouts: &app.layouts,
        plan,
        program: Program::default(),
        tables: Tables::default(),
        slots: (0..input_slot::FIRST_FREE.0).map(|slot| (VarId(u32::from(slot)), Slot(slot))).collect(),
        next_slot: input_slot::FIRST_FREE.0,
    };
    lowering.app();
    lowering.finish()
}

struct Lowering<'a> {
    app: &'a App,
    layouts: &'a Layouts,
    plan: Plan,
    program: Program,
    tables: Tables,
    slots: BTreeMap<VarId, Slot>,
    next_slot: u16,
}

impl Lowering<'_> {
    fn app(&mut self) {
        self.tables.place("");
        self.program.event_shape = self.app.event.map(|layout| self.shape(layout));
        self.program.filter = self.app.filter.as_ref().map(|filter| self.expr(filter));
        for entity in &self.app.entities {
            let slot = self.define(entity.var);
            let place = self.tables.place(&entity.place);
            let id = self.expr(&entity.id);
            let query = self.query(&entity.query, place);
            self.program.entities.push(program::Entity { query, id, slot, place });
        }
        for delay in &self.app.delays {
            let when = delay.when.as_ref().map(|when| self.expr(when));
            self.program.delays.push(program::DelayGate { id: delay.id.clone(), when });
        }
        for step in &self.app.steps {
            self.step(step);
        }
        self.root(&self.app.actions);
        for widget in &self.app.widgets {
            let data = self.expr(&widget.data);
            self.program.widgets.push(program::Widget { id: widget.id.clone(), data });
        }
    }

    fn finish(mut self) -> (Plan, Program) {
        self.program.slots = self.next_slot;
        self.tables.into_sections(&mut self.plan, &mut self.program);
        (self.plan, self.program)
    }

    /// The slot of a variable that begins to exist here. Past the last slot all share it; the verifier refuses that.
    fn define(&mut self, var: VarId) -> Slot {
        let slot = Slot(self.next_slot);
        self.next_slot = self.next_slot.saturating_add(1);
        self.slots.insert(var, slot);
        slot
    }

    fn shape(&mut self, layout: LayoutId) -> u32 {
        self.tables.shape(&self.layouts.kept(layout))
    }

    fn query(&mut self, query: &Query, place: u32) -> u16 {
        let index = u16::try_from(self.plan.queries.len()).unwrap_or(u16::MAX);
        let args: Vec<ExprId> = query.holes.iter().map(|(_, value)| self.expr(value)).collect();
        let shape = self.shape(query.layout);
        self.plan.queries.push(query::Query {
            connector: query.connector.clone(),
            fields: self.layouts.kept(query.layout).into_iter().map(str::to_owned).collect(),
            filter: query.filter.clone(),
            holes: query.holes.iter().map(|(hole, _)| *hole).collect(),
            sort: query.sort.clone(),
            offset: query.offset,
            limit: query.limit,
            place,
        });
        self.program.queries.push(program::QueryCall { args, shape });
        index
    }
}
