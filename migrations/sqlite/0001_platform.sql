-- The tables of the platform: one for each SQL connector of the catalog (column = field), what actions write besides,
-- and the ledger that makes an effect happen once. Rules: README.md, one folder up.
--
-- Tables that are read and changed by id, with short rows, are WITHOUT ROWID: one lookup instead of two. Tables with long
-- text keep the rowid, so that new rows are appended whatever their id.

CREATE TABLE users (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "xp_total" INTEGER NOT NULL,
    "level" INTEGER NOT NULL,
    "engagement_score" TEXT COLLATE ALCOVE_DECIMAL NOT NULL,
    "web3_account" TEXT,
    "nickname" TEXT,
    "avatar_url" TEXT,
    "locale" TEXT,
    "timezone" TEXT,
    "bio" TEXT,
    "interests" TEXT NOT NULL,
    "marketing_opt_in" INTEGER NOT NULL CHECK ("marketing_opt_in" IN (0, 1)),
    "referrer_id" TEXT,
    "streak_days" INTEGER NOT NULL,
    "streak_expires_at" INTEGER,
    "last_active_at" INTEGER,
    "missions_completed" INTEGER NOT NULL,
    "profile" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
-- A member is looked up by e-mail address.
CREATE INDEX users_by_email ON users (tenant_id, email);
-- Leaderboards: sort by xp_total, limit.
CREATE INDEX users_by_xp ON users (tenant_id, xp_total);
-- Members who were (not) active since.
CREATE INDEX users_by_active ON users (tenant_id, last_active_at);
-- Members who are new since.
CREATE INDEX users_by_created ON users (tenant_id, created_at);

CREATE TABLE posts (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "room_id" TEXT NOT NULL,
    "author_id" TEXT NOT NULL,
    "title" TEXT,
    "content" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "likes" INTEGER NOT NULL,
    "comment_count" INTEGER NOT NULL,
    "quality_score" TEXT COLLATE ALCOVE_DECIMAL,
    "flag_reason" TEXT,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
-- Posts of a room, newest first.
CREATE INDEX posts_by_room ON posts (tenant_id, room_id, created_at);
-- Posts of a member.
CREATE INDEX posts_by_author ON posts (tenant_id, author_id);
-- Posts to be moderated.
CREATE INDEX posts_by_status ON posts (tenant_id, status, created_at);

CREATE TABLE rooms (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "member_count" INTEGER NOT NULL,
    "post_count_today" INTEGER NOT NULL,
    "post_count_60d" INTEGER NOT NULL,
    "is_exclusive" INTEGER NOT NULL CHECK ("is_exclusive" IN (0, 1)),
    "description" TEXT,
    "url" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
-- A room is looked up by its slug.
CREATE INDEX rooms_by_slug ON rooms (tenant_id, slug);

CREATE TABLE room_members (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "room_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "is_admin" INTEGER NOT NULL CHECK ("is_admin" IN (0, 1)),
    "joined_at" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
-- Members of a room; add_to_room looks for the membership.
CREATE INDEX room_members_by_room ON room_members (tenant_id, room_id, user_id);
-- Rooms of a member.
CREATE INDEX room_members_by_user ON room_members (tenant_id, user_id);

CREATE TABLE missions (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "type" TEXT NOT NULL,
    "action_type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "room_id" TEXT,
    "campaign_id" TEXT,
    "xp_reward" INTEGER NOT NULL,
    "difficulty" INTEGER NOT NULL,
    "starts_at" INTEGER,
    "ends_at" INTEGER,
    "completion_count" INTEGER NOT NULL,
    "url" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
-- Missions that are open, or end soon.
CREATE INDEX missions_by_status ON missions (tenant_id, status, ends_at);

CREATE TABLE user_missions (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "mission_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "progress" TEXT COLLATE ALCOVE_DECIMAL NOT NULL,
    "completed_at" INTEGER,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
-- Missions of a member.
CREATE INDEX user_missions_by_user ON user_missions (tenant_id, user_id, status);
-- Members in a mission.
CREATE INDEX user_missions_by_mission ON user_missions (tenant_id, mission_id, status);

CREATE TABLE contributions (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "xp_awarded" INTEGER NOT NULL,
    "days_in_a_row" INTEGER NOT NULL,
    "completed" INTEGER NOT NULL CHECK ("completed" IN (0, 1)),
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
-- Contributions of a member.
CREATE INDEX contributions_by_user ON contributions (tenant_id, user_id, type);

CREATE TABLE rewards (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "reward_type" TEXT NOT NULL,
    "token_type" TEXT,
    "amount" TEXT COLLATE ALCOVE_DECIMAL NOT NULL,
    "status" TEXT NOT NULL,
    "claimed_at" INTEGER,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
-- Rewards of a member.
CREATE INDEX rewards_by_user ON rewards (tenant_id, user_id, status);
-- Rewards that wait to be claimed.
CREATE INDEX rewards_by_status ON rewards (tenant_id, status, created_at);

CREATE TABLE campaigns (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "start_date" INTEGER NOT NULL,
    "end_date" INTEGER NOT NULL,
    "participant_count" INTEGER NOT NULL,
    "goal" INTEGER NOT NULL,
    "progress" TEXT COLLATE ALCOVE_DECIMAL NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
-- Campaigns that run, or end soon.
CREATE INDEX campaigns_by_status ON campaigns (tenant_id, status, end_date);

CREATE TABLE nft_badges (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "contract_type" TEXT NOT NULL,
    "chain_id" INTEGER NOT NULL,
    "room_id" TEXT,
    "campaign_id" TEXT,
    "definition_id" TEXT,
    "owner_id" TEXT,
    "minted_at" INTEGER,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
-- Award_badge looks for the definition and for what a member owns.
CREATE INDEX nft_badges_by_name ON nft_badges (tenant_id, name, owner_id);
-- Badges of a member.
CREATE INDEX nft_badges_by_owner ON nft_badges (tenant_id, owner_id);

CREATE TABLE milestones (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "xp_threshold" INTEGER NOT NULL,
    "reward_type" TEXT NOT NULL,
    "reward_value" TEXT,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
-- Award_xp looks for thresholds that are crossed.
CREATE INDEX milestones_by_threshold ON milestones (tenant_id, xp_threshold);

CREATE TABLE total_rewards (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "token_type" TEXT NOT NULL,
    "amount" TEXT COLLATE ALCOVE_DECIMAL NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
-- The balance of a member.
CREATE INDEX total_rewards_by_user ON total_rewards (tenant_id, user_id, token_type);

CREATE TABLE hangman_status (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "mission_id" TEXT NOT NULL,
    "completed" INTEGER NOT NULL CHECK ("completed" IN (0, 1)),
    "remain_count" INTEGER NOT NULL,
    "hint" TEXT,
    "started_at" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
-- Games of a member.
CREATE INDEX hangman_status_by_user ON hangman_status (tenant_id, user_id, mission_id);

CREATE TABLE trivia_status (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "mission_id" TEXT NOT NULL,
    "score" INTEGER NOT NULL,
    "completed" INTEGER NOT NULL CHECK ("completed" IN (0, 1)),
    "started_at" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
-- Games of a member.
CREATE INDEX trivia_status_by_user ON trivia_status (tenant_id, user_id, mission_id);

CREATE TABLE shopify_orders (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "order_number" TEXT NOT NULL,
    "customer_email" TEXT NOT NULL,
    "user_id" TEXT,
    "status" TEXT NOT NULL,
    "totalPriceAmount" TEXT COLLATE ALCOVE_DECIMAL NOT NULL,
    "currency" TEXT NOT NULL,
    "item_count" INTEGER NOT NULL,
    "product_ids" TEXT NOT NULL,
    "fulfilled_at" INTEGER,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
-- Orders of a member.
CREATE INDEX shopify_orders_by_user ON shopify_orders (tenant_id, user_id);
-- Orders of a customer who is no member.
CREATE INDEX shopify_orders_by_email ON shopify_orders (tenant_id, customer_email);
-- Orders to be followed up.
CREATE INDEX shopify_orders_by_status ON shopify_orders (tenant_id, status, created_at);

CREATE TABLE shopify_products (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "collection" TEXT,
    "status" TEXT NOT NULL,
    "price" TEXT COLLATE ALCOVE_DECIMAL NOT NULL,
    "currency" TEXT NOT NULL,
    "inventory" INTEGER NOT NULL,
    "url" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
-- Products that run out.
CREATE INDEX shopify_products_by_status ON shopify_products (tenant_id, status, inventory);

CREATE TABLE engagement_metrics (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "user_id" TEXT,
    "room_id" TEXT,
    "metric_type" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "value" TEXT COLLATE ALCOVE_DECIMAL NOT NULL,
    "measured_at" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
-- Figures of a period.
CREATE INDEX engagement_metrics_by_metric ON engagement_metrics (tenant_id, metric_type, period, measured_at);
-- Figures of a member.
CREATE INDEX engagement_metrics_by_user ON engagement_metrics (tenant_id, user_id);

CREATE TABLE notifications (
    tenant_id TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "title" TEXT,
    "message" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
-- Notifications of a member.
CREATE INDEX notifications_by_user ON notifications (tenant_id, user_id, status);

-- What an app keeps between runs. `value` is JSON.
CREATE TABLE app_state (
    tenant_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "updated_at" INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, app_id, "key")
) STRICT, WITHOUT ROWID;

-- E-mails that wait to be sent.
CREATE TABLE email_outbox (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    "to" TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    reply_to TEXT,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;

-- Push messages that wait to be sent.
CREATE TABLE push_outbox (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    title TEXT NOT NULL,
    message TEXT NOT NULL,
    link TEXT,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;

-- Events that effects cause, written together with them. `id` derives from the effect; `payload` is JSON.
CREATE TABLE emitted_events (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    payload TEXT NOT NULL,
    caused_by TEXT NOT NULL,
    chain_depth INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;

-- The ledger: one row for each effect that happened, written in its own transaction, so that it happens once. `outcome` is
-- the JSON of its outputs. The execution comes before the effect in the key, so that the effects of a run lie together.
CREATE TABLE effects (
    tenant_id TEXT NOT NULL,
    execution_id TEXT NOT NULL,
    effect_id TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (tenant_id, execution_id, effect_id)
) STRICT, WITHOUT ROWID;
