-- create_post: a published post; without an author the app is its author.
-- @ids post_id = pst, event_id = evt
-- @check
SELECT n, 'no room has the id `' || room_id || '`' FROM batch
WHERE NOT EXISTS (SELECT 1 FROM rooms WHERE tenant_id = ?1 AND id = batch.room_id);
-- @check
SELECT n, 'no user has the id `' || author_id || '`' FROM batch
WHERE author_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM users WHERE tenant_id = ?1 AND id = batch.author_id);
-- @apply
INSERT INTO posts (tenant_id, id, room_id, author_id, title, content, status, likes, comment_count, created_at, updated_at)
SELECT ?1, post_id, room_id, coalesce(author_id, app_id), title, content, 'published', 0, 0, now, now FROM batch;
-- @apply
WITH added AS (SELECT room_id, count(*) AS posts, max(now) AS now FROM batch GROUP BY room_id)
UPDATE rooms
SET post_count_today = post_count_today + added.posts, post_count_60d = post_count_60d + added.posts, updated_at = added.now
FROM added WHERE rooms.tenant_id = ?1 AND rooms.id = added.room_id;
-- @apply
INSERT INTO emitted_events (tenant_id, id, type, payload, caused_by, execution_id, chain_depth, created_at)
SELECT ?1, event_id, 'post.created',
    json_object('post_id', post_id, 'room_id', room_id, 'user_id', coalesce(author_id, app_id), 'content', content),
    effect_id, execution_id, chain_depth, now FROM batch ORDER BY n;
-- @outputs
SELECT n, post_id FROM batch;
