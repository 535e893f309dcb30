-- flag_post: the post is flagged, for the reason that was given last.
-- @ids event_id = evt
-- @check
SELECT n, 'no post has the id `' || post_id || '`' FROM batch
WHERE NOT EXISTS (SELECT 1 FROM posts WHERE tenant_id = ?1 AND id = batch.post_id);
-- @apply
WITH latest AS (SELECT max(n), post_id, reason FROM batch GROUP BY post_id)
UPDATE posts SET status = 'flagged', flag_reason = latest.reason, updated_at = ?2
FROM latest WHERE posts.tenant_id = ?1 AND posts.id = latest.post_id;
-- @apply
INSERT INTO emitted_events (tenant_id, id, type, payload, caused_by, chain_depth, created_at)
SELECT ?1, batch.event_id, 'post.flagged',
    json_object('post_id', posts.id, 'room_id', posts.room_id, 'user_id', posts.author_id, 'reason', batch.reason),
    batch.effect_id, ?5, ?2
FROM batch CROSS JOIN posts ON posts.tenant_id = ?1 AND posts.id = batch.post_id ORDER BY n;
