-- create_mission: an active mission; for one member it is assigned at once.
-- @side-by-side
-- @ids mission_id = msn, assignment_id = ums, event_id = evt
-- @check
SELECT n, 'no room has the id `' || room_id || '`' FROM batch
WHERE room_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM rooms WHERE tenant_id = ?1 AND id = batch.room_id);
-- @check
SELECT n, 'no user has the id `' || user_id || '`' FROM batch
WHERE user_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM users WHERE tenant_id = ?1 AND id = batch.user_id);
-- @apply
INSERT INTO missions
    (tenant_id, id, name, description, type, action_type, status, room_id, xp_reward, difficulty, starts_at, ends_at,
     completion_count, url, created_at, updated_at)
SELECT ?1, mission_id, name, description, coalesce(type, 'custom'), coalesce(action_type, 'custom'), 'active', room_id,
    xp_reward, 1, now, ends_at, 0, '', now, now FROM batch;
-- @apply
INSERT INTO user_missions (tenant_id, id, user_id, mission_id, status, progress, created_at, updated_at)
SELECT ?1, assignment_id, user_id, mission_id, 'assigned', '0', now, now FROM batch WHERE user_id IS NOT NULL;
-- @apply
INSERT INTO emitted_events (tenant_id, id, type, payload, caused_by, execution_id, chain_depth, created_at)
SELECT ?1, event_id, 'mission.created', json_object('mission_id', mission_id, 'room_id', room_id),
    effect_id, execution_id, chain_depth, now
FROM batch ORDER BY n;
-- @outputs
SELECT n, mission_id FROM batch;
