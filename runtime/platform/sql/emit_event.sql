-- emit_event: an event for the tenant's apps.
-- @side-by-side
-- @ids event_id = evt
-- @apply
INSERT INTO emitted_events (tenant_id, id, type, payload, caused_by, execution_id, chain_depth, created_at)
SELECT ?1, event_id, event, payload, effect_id, execution_id, chain_depth, now FROM batch ORDER BY n;
