-- What external effects that are on their way have reserved of their tenant's quotas: so much of the counter `name` in the
-- window that began at `window_start`. Written with the intent, taken away with the result; `counters` include it.
CREATE TABLE reservations (
    tenant_id TEXT NOT NULL,
    execution_id TEXT NOT NULL,
    effect_id TEXT NOT NULL,
    name TEXT NOT NULL,
    window_start INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, execution_id, effect_id, name)
) STRICT, WITHOUT ROWID;
