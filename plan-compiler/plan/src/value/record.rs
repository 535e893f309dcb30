//! Objects and rows: a shared list of names, and one cell for each.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    vec::Vec,
};

use super::Value;

/// The names of a record's cells, in order. Rows of one query share one shape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    // INVARIANT: no name occurs twice; upheld by its constructors and `Shape::position_or_insert`.
    names: Vec<Arc<str>>,
}

/// An object.
#[derive(Clone, Debug)]
pub struct Record {
    // INVARIANT: as many cells as the shape has names; upheld by both constructors.
    shape: Arc<Shape>,
    cells: Vec<Value>,
}

impl Shape {
    /// A shape of these names; a repeated name is left out.
    pub fn new<N: Into<Arc<str>>>(names: impl IntoIterator<Item = N>) -> Self {
        let mut seen = BTreeSet::new();
        let names = names.into_iter().map(Into::into).filter(|name: &Arc<str>| seen.insert(name.clone())).collect();
        Self { names }
    }

    /// A shape of these names; `None` if one is repeated.
    pub fn from_distinct(names: Vec<Arc<str>>) -> Option<Self> {
        // Not name by name with `position_or_insert`: the names may be hostile and many.
        let mut sorted: Vec<&Arc<str>> = names.iter().collect();
        sorted.sort_unstable();
        let distinct = sorted.is_sorted_by(|a, b| a < b);
        distinct.then_some(Self { names })
    }

    /// The names in order.
    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// Where `name` stands.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| &**n == name)
    }

    /// Where `name` stands, appended if it was not there.
    pub fn position_or_insert(&mut self, name: Arc<str>) -> usize {
        self.position(&name).unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        })
    }
}

impl Record {
    /// A record of `shape`; missing cells are null, surplus ones are dropped.
    pub fn new(shape: Arc<Shape>, mut cells: Vec<Value>) -> Self {
        cells.resize(shape.names.len(), Value::Null);
        Self { shape, cells }
    }

    /// A record with a shape of its own. A repeated name keeps its first place and its last value.
    pub fn from_members<N: Into<Arc<str>>>(members: impl IntoIterator<Item = (N, Value)>) -> Self {
        let mut places: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        let (mut names, mut cells) = (Vec::new(), Vec::new());
        for (name, value) in members {
            let name: Arc<str> = name.into();
            let at = *places.entry(name.clone()).or_insert(cells.len());
            if let Some(cell) = cells.get_mut(at) {
                *cell = value;
            } else {
                names.push(name);
                cells.push(value);
            }
        }
        Self { shape: Arc::new(Shape { names }), cells }
    }

    /// The names.
    pub fn shape(&self) -> &Arc<Shape> {
        &self.shape
    }

    /// The values, in the order of the names.
    pub fn cells(&self) -> &[Value] {
        &self.cells
    }

    /// The value called `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.cells.get(self.shape.position(name)?)
    }

    /// Names and values together.
    pub fn members(&self) -> impl Iterator<Item = (&Arc<str>, &Value)> {
        self.shape.names.iter().zip(&self.cells)
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape && self.cells == other.cells
    }
}
