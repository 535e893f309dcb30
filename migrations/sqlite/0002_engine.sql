-- The tables of the engine: tenants and their apps, runs with their journals, and what makes runs go on. Rules:
-- README.md, one folder up. Every time is in microseconds since 1970-01-01T00:00:00Z; a digest is lower-case hex.

-- `generation` grows whenever what the tenant's events may start changes: whoever matched an event under an older one
-- matches it again. `settings` is JSON.
CREATE TABLE tenants (
    tenant_id TEXT NOT NULL,
    generation INTEGER NOT NULL,
    settings TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id)
) STRICT, WITHOUT ROWID;

-- `version` is the latest, `active_version` the one that triggers start. `author` and `activator` are subjects, as
-- JSON.
CREATE TABLE apps (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    active_version INTEGER,
    author TEXT NOT NULL,
    activator TEXT,
    failures_in_row INTEGER NOT NULL,
    reason TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;

-- What an app was and is. A row never changes: runs are pinned to it.
CREATE TABLE versions (
    tenant_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    digest TEXT NOT NULL,
    config TEXT NOT NULL,
    plan BLOB NOT NULL,
    manifest TEXT NOT NULL,
    author TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, app_id, version)
) STRICT;
-- A run names its plan by digest.
CREATE INDEX versions_by_digest ON versions (tenant_id, digest);

-- The runs. `run` is the state machine of `runtime/journal`, encoded; `state` and what else can be asked for stands
-- beside it. `token` is the fencing token of the last lease and `node` who holds it. `input` is kept until the journal
-- has it.
CREATE TABLE executions (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    digest TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    event_source TEXT,
    event_id TEXT,
    delay INTEGER,
    parent TEXT,
    chain_depth INTEGER NOT NULL,
    starter TEXT,
    state TEXT NOT NULL,
    reason TEXT,
    run BLOB NOT NULL,
    token INTEGER NOT NULL,
    node TEXT,
    attempts INTEGER NOT NULL,
    items INTEGER NOT NULL,
    input BLOB,
    queued_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    due_at INTEGER,
    result TEXT,
    error TEXT,
    usage TEXT,
    dead_letter INTEGER NOT NULL CHECK (dead_letter IN (0, 1)),
    PRIMARY KEY (tenant_id, id)
) STRICT;
-- Runs of an app, newest first.
CREATE INDEX executions_by_app ON executions (tenant_id, app_id, queued_at, id);
-- Runs of a tenant, newest first; those that are old enough to be forgotten.
CREATE INDEX executions_by_time ON executions (tenant_id, queued_at, id);
-- Runs that go on, or did not succeed. Most runs succeed, and cost nothing here.
CREATE INDEX executions_by_state ON executions (tenant_id, state, queued_at, id) WHERE state <> 'succeeded';
-- The queue of an app, oldest first; which apps of which tenants have one.
CREATE INDEX executions_queued ON executions (tenant_id, app_id, queued_at, id) WHERE state = 'queued';
-- What a node was running when its lease expired. A node serves all tenants.
CREATE INDEX executions_running ON executions (node, tenant_id, id) WHERE state = 'running';

-- The journals of runs: one row for each commit, in order.
CREATE TABLE journal (
    tenant_id TEXT NOT NULL,
    execution_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    records BLOB NOT NULL,
    PRIMARY KEY (tenant_id, execution_id, seq)
) STRICT;

-- What fires at a time. `owner` is an app or an execution, by `kind`; `payload` is JSON.
CREATE TABLE timers (
    tenant_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    "key" TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    app_id TEXT NOT NULL,
    version INTEGER,
    payload TEXT NOT NULL,
    PRIMARY KEY (tenant_id, kind, owner, "key")
) STRICT, WITHOUT ROWID;
-- What is due, of all tenants.
CREATE INDEX timers_by_due ON timers (due_at);
-- The timers of an app that is paused or deleted.
CREATE INDEX timers_by_app ON timers (tenant_id, app_id);

-- Events that were accepted, for as long as the same one may come again. `digest` is of the body; `caused_by` is the
-- execution that emitted it.
CREATE TABLE events (
    tenant_id TEXT NOT NULL,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    digest TEXT NOT NULL,
    payload TEXT NOT NULL,
    "timestamp" INTEGER NOT NULL,
    chain_depth INTEGER NOT NULL,
    caused_by TEXT,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, source, id)
) STRICT;
-- Events that are old enough to be forgotten, of all tenants.
CREATE INDEX events_by_time ON events (received_at);

-- Questions to people. `id` is the effect that asks; `preview` and `request` are JSON.
CREATE TABLE approvals (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    execution_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    title TEXT NOT NULL,
    message TEXT NOT NULL,
    preview TEXT NOT NULL,
    request TEXT NOT NULL,
    status TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    decided_by TEXT,
    decided_at INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
-- Questions that wait, or were answered, oldest first.
CREATE INDEX approvals_by_status ON approvals (tenant_id, status, created_at, id);

-- Runs that failed for good and whose trigger would be lost with them. `error` and `closed_by` are JSON.
CREATE TABLE dead_letters (
    tenant_id TEXT NOT NULL,
    execution_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    error TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    closed_at INTEGER,
    closed_by TEXT,
    PRIMARY KEY (tenant_id, execution_id)
) STRICT;
-- Dead letters that wait, or were dealt with, oldest first.
CREATE INDEX dead_letters_by_status ON dead_letters (tenant_id, status, created_at, execution_id);

-- Which run of an app goes on, where no two may at a time.
CREATE TABLE locks (
    tenant_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    execution_id TEXT NOT NULL,
    PRIMARY KEY (tenant_id, app_id)
) STRICT, WITHOUT ROWID;

-- What is counted in windows of time.
CREATE TABLE counters (
    tenant_id TEXT NOT NULL,
    name TEXT NOT NULL,
    window_start INTEGER NOT NULL,
    "value" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, name, window_start)
) STRICT, WITHOUT ROWID;

-- The processes that run runs, each for as long as it renews its lease. A node serves all tenants.
CREATE TABLE nodes (
    node_id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    PRIMARY KEY (node_id)
) STRICT, WITHOUT ROWID;

-- What a tenant's admins are told.
CREATE TABLE notices (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    app_id TEXT NOT NULL,
    execution_id TEXT,
    message TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
-- Newest first.
CREATE INDEX notices_by_time ON notices (tenant_id, created_at, id);

-- Who changed what. Rows are only added; `subject` and `detail` are JSON.
CREATE TABLE audit (
    tenant_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    subject TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (tenant_id, seq)
) STRICT;

-- The run whose effect caused the event: `caused_by` names the effect.
ALTER TABLE emitted_events ADD COLUMN execution_id TEXT;
