-- send_notification: one notification for each call.
-- @side-by-side
-- @ids notification_id = ntf
-- @check
SELECT n, 'no user has the id `' || user_id || '`' FROM batch
WHERE NOT EXISTS (SELECT 1 FROM users WHERE tenant_id = ?1 AND id = batch.user_id);
-- @apply
INSERT INTO notifications (tenant_id, id, user_id, type, title, message, status, created_at, updated_at)
SELECT ?1, notification_id, user_id, coalesce(type, 'app'), title, message, 'sent', now, now FROM batch;
-- @outputs
SELECT n, notification_id FROM batch;
