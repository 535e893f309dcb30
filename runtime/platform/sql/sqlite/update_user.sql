-- update_user: fields of a member are set; where a batch sets them twice, the last call holds.
-- @ids event_id = evt
-- @check
SELECT n, 'no user has the id `' || user_id || '`' FROM batch
WHERE NOT EXISTS (SELECT 1 FROM users WHERE tenant_id = ?1 AND id = batch.user_id);
-- @apply
WITH latest AS (SELECT max(n), batch.* FROM batch GROUP BY user_id)
UPDATE users SET /* assignments */updated_at = ?2
FROM latest WHERE users.tenant_id = ?1 AND users.id = latest.user_id;
-- @apply
INSERT INTO emitted_events (tenant_id, id, type, payload, caused_by, chain_depth, created_at)
SELECT ?1, event_id, 'user.updated', json_object('user_id', user_id, 'changed', json(fields)), effect_id, ?5, ?2
FROM batch;
