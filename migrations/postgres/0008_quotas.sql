-- What external effects that are on their way have reserved of their tenant's quotas: so much of the counter `name` in the
-- window that began at `window_start`. Written with the intent, taken away with the result; `counters` include it.
CREATE TABLE reservations (
    tenant_id TEXT COLLATE "C" NOT NULL,
    execution_id TEXT COLLATE "C" NOT NULL,
    effect_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    window_start BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, execution_id, effect_id, name)
);
-- Rows that come and go.
ALTER TABLE reservations SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

ALTER TABLE reservations ENABLE ROW LEVEL SECURITY;
ALTER TABLE reservations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reservations
    USING ((SELECT coalesce(current_setting('alcove.tenant', true), '')) IN ('', tenant_id));
