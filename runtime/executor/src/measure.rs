//! How large and how deep a value is, so that sharing cannot hide what encoding or rendering it would cost.

use alcove_plan::{
    failure::Failure,
    limits::{STEP_BYTES_MAX, TRANSFORM_ROWS_MAX},
    value::{DEPTH_MAX, Value},
};

/// How deep a row, or the data of a widget, may nest: room is left for what a step and a report put around it.
pub(crate) const ROW_DEPTH_MAX: usize = DEPTH_MAX - 3;

/// What one step, or one transform, may still give.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    rows: usize,
    bytes: usize,
}

impl Budget {
    /// Takes one more row.
    pub(crate) fn row(&mut self, row: &Value) -> Result<(), Failure> {
        self.count()?;
        self.bytes(row)
    }

    /// Takes one more row whose bytes are counted elsewhere.
    pub(crate) fn count(&mut self) -> Result<(), Failure> {
        self.rows += 1;
        if self.rows > TRANSFORM_ROWS_MAX {
            let message = format!("a step gives more than {TRANSFORM_ROWS_MAX} rows; filter or limit it");
            return Err(Failure::limit("transform_rows", TRANSFORM_ROWS_MAX as u64, message));
        }
        Ok(())
    }

    /// Takes bytes without a row.
    pub(crate) fn bytes(&mut self, value: &Value) -> Result<(), Failure> {
        let left = STEP_BYTES_MAX - self.bytes;
        self.bytes += measure(value, left).ok_or_else(too_large)?;
        check_depth(value, ROW_DEPTH_MAX)
    }
}

/// Refuses a value that would not cross to the host: more than a step's bytes, or nested too deeply.
pub(crate) fn check(value: &Value, depth_max: usize) -> Result<(), Failure> {
    if !matches!(value, Value::List(_) | Value::Record(_)) {
        return Ok(());
    }
    measure(value, STEP_BYTES_MAX).ok_or_else(too_large)?;
    check_depth(value, depth_max)
}

/// About how many bytes `value` has when encoded, every shared part counted each time it occurs; `None` beyond `max`.
/// Takes time in proportion to `max` at most.
pub(crate) fn measure(value: &Value, max: usize) -> Option<usize> {
    let mut bytes = 0_usize;
    let mut open = Vec::new();
    let mut next = Some(value);
    loop {
        let Some(value) = next else {
            // Comes back to the innermost list or record that has items left.
            let items: &mut std::slice::Iter<'_, Value> = match open.last_mut() {
                Some(items) => items,
                None => return Some(bytes),
            };
            next = items.next();
            if next.is_none() {
                open.pop();
            }
            continue;
        };
        bytes += own_bytes(value);
        if bytes > max {
            return None;
        }
        match value {
            Value::List(items) => open.push(items.iter()),
            Value::Record(record) => open.push(record.cells().iter()),
            _ => {}
        }
        next = None;
    }
}

fn own_bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 1,
        Value::Int(n) if (-64..64).contains(n) => 2,
        Value::Int(_) => 6,
        Value::Num(_) => 8,
        Value::Time(_) => 9,
        Value::Str(text) => 3 + text.len(),
        Value::List(_) => 3,
        Value::Record(record) => 2 + record.shape().names().iter().map(|name| 1 + name.len()).sum::<usize>(),
    }
}

/// After [`measure`] has bounded the number of parts.
fn check_depth(value: &Value, depth_max: usize) -> Result<(), Failure> {
    if deeper_than(value, depth_max) {
        let message = format!("a value nests lists and objects more than {depth_max} deep");
        return Err(Failure::limit("depth", depth_max as u64, message));
    }
    Ok(())
}

fn deeper_than(value: &Value, levels: usize) -> bool {
    let parts = match value {
        Value::List(items) => items.as_slice(),
        Value::Record(record) => record.cells(),
        _ => return false,
    };
    match levels.checked_sub(1) {
        None => true,
        Some(levels) => parts.iter().any(|part| deeper_than(part, levels)),
    }
}

fn too_large() -> Failure {
    let message = format!("a result has more than {STEP_BYTES_MAX} bytes; select fewer fields or rows");
    Failure::limit("step_bytes", STEP_BYTES_MAX as u64, message)
}
