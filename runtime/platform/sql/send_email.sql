-- send_email: one row in the outbox for each call.
-- @side-by-side
-- @ids message_id = eml
-- @apply
INSERT INTO email_outbox (tenant_id, id, app_id, "to", subject, body, reply_to, status, created_at)
SELECT ?1, message_id, app_id, "to", subject, body, reply_to, 'waiting', now FROM batch;
-- @outputs
SELECT n, message_id FROM batch;
