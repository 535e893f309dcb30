-- flag_post: the post is flagged, for the reason that was given last.
-- @ids event_id = evt
-- @check
SELECT n, 'no post has the id `' || post_id || '`' FROM batch
WHERE NOT EXISTS (SELECT 1 FROM posts WHERE tenant_id = ?1 AND id = batch.post_id);
-- @apply
WITH latest AS (SELECT post_id, reason, now, row_number() OVER (PARTITION BY post_id ORDER BY n DESC) AS nth_last FROM batch)
UPDATE posts SET status = 'flagged', flag_reason = latest.reason, updated_at = latest.now
FROM latest
WHERE nth_last = 1 AND posts.tenant_id = ?1 AND posts.id = latest.post_id AND posts.id IN (SELECT post_id FROM batch);
-- @apply
INSERT INTO emitted_events (tenant_id, id, type, payload, caused_by, execution_id, chain_depth, created_at)
SELECT ?1, batch.event_id, 'post.flagged',
    json_object('post_id', posts.id, 'room_id', posts.room_id, 'user_id', posts.author_id, 'reason', batch.reason),
    batch.effect_id, batch.execution_id, batch.chain_depth, batch.now
FROM batch CROSS JOIN posts ON posts.tenant_id = ?1 AND posts.id = batch.post_id ORDER BY n;
