-- Requests that runs have sent, or wanted to: never a header, a body or a value of a query. `id` says in which order.
CREATE TABLE egress_log (
    tenant_id TEXT COLLATE "C" NOT NULL,
    execution_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    effect_id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    method TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    status BIGINT,
    error TEXT COLLATE "C",
    bytes_out BIGINT NOT NULL,
    bytes_in BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    hops BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, execution_id, id)
);

ALTER TABLE egress_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE egress_log FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON egress_log
    USING ((SELECT coalesce(current_setting('alcove.tenant', true), '')) IN ('', tenant_id));
