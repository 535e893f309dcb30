-- add_to_room: a membership, counted in the room; for who is a member already nothing changes.
-- `joined` has the calls that make somebody a member.
-- @ids membership_id = mbr, event_id = evt
-- @check
SELECT n, 'no room has the id `' || room_id || '`' FROM batch
WHERE NOT EXISTS (SELECT 1 FROM rooms WHERE tenant_id = ?1 AND id = batch.room_id);
-- @check
SELECT n, 'no user has the id `' || user_id || '`' FROM batch
WHERE NOT EXISTS (SELECT 1 FROM users WHERE tenant_id = ?1 AND id = batch.user_id);
-- @apply
WITH joined AS (
    SELECT batch.*, row_number() OVER (PARTITION BY room_id, user_id ORDER BY n) AS nth FROM batch
    WHERE NOT EXISTS (SELECT 1 FROM room_members AS m WHERE m.tenant_id = ?1 AND m.room_id = batch.room_id AND m.user_id = batch.user_id)
)
INSERT INTO emitted_events (tenant_id, id, type, payload, caused_by, execution_id, chain_depth, created_at)
SELECT ?1, event_id, 'room.member_joined', json_object('room_id', room_id, 'user_id', user_id),
    effect_id, execution_id, chain_depth, now
FROM joined WHERE nth = 1 ORDER BY n;
-- @apply
WITH joined AS (
    SELECT batch.*, row_number() OVER (PARTITION BY room_id, user_id ORDER BY n) AS nth FROM batch
    WHERE NOT EXISTS (SELECT 1 FROM room_members AS m WHERE m.tenant_id = ?1 AND m.room_id = batch.room_id AND m.user_id = batch.user_id)
), counted AS (
    SELECT room_id, count(*) AS members, max(now) AS now FROM joined WHERE nth = 1 GROUP BY room_id
)
UPDATE rooms SET member_count = member_count + counted.members, updated_at = counted.now
FROM counted WHERE rooms.tenant_id = ?1 AND rooms.id = counted.room_id;
-- @apply
WITH joined AS (
    SELECT batch.*, row_number() OVER (PARTITION BY room_id, user_id ORDER BY n) AS nth FROM batch
    WHERE NOT EXISTS (SELECT 1 FROM room_members AS m WHERE m.tenant_id = ?1 AND m.room_id = batch.room_id AND m.user_id = batch.user_id)
)
INSERT INTO room_members (tenant_id, id, room_id, user_id, role, is_admin, joined_at, created_at, updated_at)
SELECT ?1, membership_id, room_id, user_id, 'member', 0, now, now, now FROM joined WHERE nth = 1;
