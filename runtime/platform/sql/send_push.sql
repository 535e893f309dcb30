-- send_push: one row in the outbox for each call.
-- @side-by-side
-- @ids push_id = psh
-- @check
SELECT n, 'no user has the id `' || user_id || '`' FROM batch
WHERE NOT EXISTS (SELECT 1 FROM users WHERE tenant_id = ?1 AND id = batch.user_id);
-- @apply
INSERT INTO push_outbox (tenant_id, id, app_id, user_id, title, message, link, status, created_at)
SELECT ?1, push_id, app_id, user_id, title, message, link, 'waiting', now FROM batch;
-- @outputs
SELECT n, push_id FROM batch;
