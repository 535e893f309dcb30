-- update_user: fields of a member are set; where a batch sets them twice, the last call holds.
-- @ids event_id = evt
-- @check
SELECT n, 'no user has the id `' || user_id || '`' FROM batch
WHERE NOT EXISTS (SELECT 1 FROM users WHERE tenant_id = ?1 AND id = batch.user_id);
-- @apply
WITH latest AS (SELECT batch.*, row_number() OVER (PARTITION BY user_id ORDER BY n DESC) AS nth_last FROM batch)
UPDATE users SET /* assignments */updated_at = latest.now
FROM latest
WHERE nth_last = 1 AND users.tenant_id = ?1 AND users.id = latest.user_id AND users.id IN (SELECT user_id FROM batch);
-- @apply
INSERT INTO emitted_events (tenant_id, id, type, payload, caused_by, execution_id, chain_depth, created_at)
SELECT ?1, event_id, 'user.updated', json_object('user_id', user_id, 'changed', json(fields)),
    effect_id, execution_id, chain_depth, now
FROM batch ORDER BY n;
