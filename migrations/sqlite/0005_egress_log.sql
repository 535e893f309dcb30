-- Requests that runs have sent, or wanted to: never a header, a body or a value of a query. `id` says in which order.
CREATE TABLE egress_log (
    tenant_id TEXT NOT NULL,
    execution_id TEXT NOT NULL,
    id TEXT NOT NULL,
    effect_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    method TEXT NOT NULL,
    target TEXT NOT NULL,
    status INTEGER,
    error TEXT,
    bytes_out INTEGER NOT NULL,
    bytes_in INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    hops INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, execution_id, id)
) STRICT, WITHOUT ROWID;
