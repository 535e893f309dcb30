-- The tables of the platform: one for each SQL connector of the catalog (column = field), what actions write besides,
-- and the ledger that makes an effect happen once. Rules: README.md, one folder up.

CREATE TABLE users (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "email" TEXT COLLATE "C" NOT NULL,
    "role" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "xp_total" BIGINT NOT NULL,
    "level" BIGINT NOT NULL,
    "engagement_score" NUMERIC NOT NULL,
    "web3_account" TEXT COLLATE "C",
    "nickname" TEXT COLLATE "C",
    "avatar_url" TEXT COLLATE "C",
    "locale" TEXT COLLATE "C",
    "timezone" TEXT COLLATE "C",
    "bio" TEXT COLLATE "C",
    "interests" TEXT COLLATE "C" NOT NULL,
    "marketing_opt_in" BIGINT NOT NULL CHECK ("marketing_opt_in" IN (0, 1)),
    "referrer_id" TEXT COLLATE "C",
    "streak_days" BIGINT NOT NULL,
    "streak_expires_at" BIGINT,
    "last_active_at" BIGINT,
    "missions_completed" BIGINT NOT NULL,
    "profile" TEXT COLLATE "C" NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- A member is looked up by e-mail address.
CREATE INDEX users_by_email ON users (tenant_id, email);
-- Leaderboards: sort by xp_total, limit.
CREATE INDEX users_by_xp ON users (tenant_id, xp_total);
-- Members who were (not) active since.
CREATE INDEX users_by_active ON users (tenant_id, last_active_at);
-- Members who are new since.
CREATE INDEX users_by_created ON users (tenant_id, created_at);

CREATE TABLE posts (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "room_id" TEXT COLLATE "C" NOT NULL,
    "author_id" TEXT COLLATE "C" NOT NULL,
    "title" TEXT COLLATE "C",
    "content" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "likes" BIGINT NOT NULL,
    "comment_count" BIGINT NOT NULL,
    "quality_score" NUMERIC,
    "flag_reason" TEXT COLLATE "C",
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Posts of a room, newest first.
CREATE INDEX posts_by_room ON posts (tenant_id, room_id, created_at);
-- Posts of a member.
CREATE INDEX posts_by_author ON posts (tenant_id, author_id);
-- Posts to be moderated.
CREATE INDEX posts_by_status ON posts (tenant_id, status, created_at);

CREATE TABLE rooms (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "slug" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "member_count" BIGINT NOT NULL,
    "post_count_today" BIGINT NOT NULL,
    "post_count_60d" BIGINT NOT NULL,
    "is_exclusive" BIGINT NOT NULL CHECK ("is_exclusive" IN (0, 1)),
    "description" TEXT COLLATE "C",
    "url" TEXT COLLATE "C" NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- A room is looked up by its slug.
CREATE INDEX rooms_by_slug ON rooms (tenant_id, slug);

CREATE TABLE room_members (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "room_id" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C" NOT NULL,
    "role" TEXT COLLATE "C" NOT NULL,
    "is_admin" BIGINT NOT NULL CHECK ("is_admin" IN (0, 1)),
    "joined_at" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Members of a room; add_to_room looks for the membership.
CREATE INDEX room_members_by_room ON room_members (tenant_id, room_id, user_id);
-- Rooms of a member.
CREATE INDEX room_members_by_user ON room_members (tenant_id, user_id);

CREATE TABLE missions (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "description" TEXT COLLATE "C",
    "type" TEXT COLLATE "C" NOT NULL,
    "action_type" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "room_id" TEXT COLLATE "C",
    "campaign_id" TEXT COLLATE "C",
    "xp_reward" BIGINT NOT NULL,
    "difficulty" BIGINT NOT NULL,
    "starts_at" BIGINT,
    "ends_at" BIGINT,
    "completion_count" BIGINT NOT NULL,
    "url" TEXT COLLATE "C" NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Missions that are open, or end soon.
CREATE INDEX missions_by_status ON missions (tenant_id, status, ends_at);

CREATE TABLE user_missions (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C" NOT NULL,
    "mission_id" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "progress" NUMERIC NOT NULL,
    "completed_at" BIGINT,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Missions of a member.
CREATE INDEX user_missions_by_user ON user_missions (tenant_id, user_id, status);
-- Members in a mission.
CREATE INDEX user_missions_by_mission ON user_missions (tenant_id, mission_id, status);

CREATE TABLE contributions (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "xp_awarded" BIGINT NOT NULL,
    "days_in_a_row" BIGINT NOT NULL,
    "completed" BIGINT NOT NULL CHECK ("completed" IN (0, 1)),
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Contributions of a member.
CREATE INDEX contributions_by_user ON contributions (tenant_id, user_id, type);

CREATE TABLE rewards (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C" NOT NULL,
    "reward_type" TEXT COLLATE "C" NOT NULL,
    "token_type" TEXT COLLATE "C",
    "amount" NUMERIC NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "claimed_at" BIGINT,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Rewards of a member.
CREATE INDEX rewards_by_user ON rewards (tenant_id, user_id, status);
-- Rewards that wait to be claimed.
CREATE INDEX rewards_by_status ON rewards (tenant_id, status, created_at);

CREATE TABLE campaigns (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "start_date" BIGINT NOT NULL,
    "end_date" BIGINT NOT NULL,
    "participant_count" BIGINT NOT NULL,
    "goal" BIGINT NOT NULL,
    "progress" NUMERIC NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Campaigns that run, or end soon.
CREATE INDEX campaigns_by_status ON campaigns (tenant_id, status, end_date);

CREATE TABLE nft_badges (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "contract_type" TEXT COLLATE "C" NOT NULL,
    "chain_id" BIGINT NOT NULL,
    "room_id" TEXT COLLATE "C",
    "campaign_id" TEXT COLLATE "C",
    "definition_id" TEXT COLLATE "C",
    "owner_id" TEXT COLLATE "C",
    "minted_at" BIGINT,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Award_badge looks for the definition and for what a member owns.
CREATE INDEX nft_badges_by_name ON nft_badges (tenant_id, name, owner_id);
-- Badges of a member.
CREATE INDEX nft_badges_by_owner ON nft_badges (tenant_id, owner_id);

CREATE TABLE milestones (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "xp_threshold" BIGINT NOT NULL,
    "reward_type" TEXT COLLATE "C" NOT NULL,
    "reward_value" TEXT COLLATE "C",
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Award_xp looks for thresholds that are crossed.
CREATE INDEX milestones_by_threshold ON milestones (tenant_id, xp_threshold);

CREATE TABLE total_rewards (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C" NOT NULL,
    "token_type" TEXT COLLATE "C" NOT NULL,
    "amount" NUMERIC NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- The balance of a member.
CREATE INDEX total_rewards_by_user ON total_rewards (tenant_id, user_id, token_type);

CREATE TABLE hangman_status (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C" NOT NULL,
    "mission_id" TEXT COLLATE "C" NOT NULL,
    "completed" BIGINT NOT NULL CHECK ("completed" IN (0, 1)),
    "remain_count" BIGINT NOT NULL,
    "hint" TEXT COLLATE "C",
    "started_at" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Games of a member.
CREATE INDEX hangman_status_by_user ON hangman_status (tenant_id, user_id, mission_id);

CREATE TABLE trivia_status (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C" NOT NULL,
    "mission_id" TEXT COLLATE "C" NOT NULL,
    "score" BIGINT NOT NULL,
    "completed" BIGINT NOT NULL CHECK ("completed" IN (0, 1)),
    "started_at" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Games of a member.
CREATE INDEX trivia_status_by_user ON trivia_status (tenant_id, user_id, mission_id);

CREATE TABLE shopify_orders (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "order_number" TEXT COLLATE "C" NOT NULL,
    "customer_email" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C",
    "status" TEXT COLLATE "C" NOT NULL,
    "totalPriceAmount" NUMERIC NOT NULL,
    "currency" TEXT COLLATE "C" NOT NULL,
    "item_count" BIGINT NOT NULL,
    "product_ids" TEXT COLLATE "C" NOT NULL,
    "fulfilled_at" BIGINT,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Orders of a member.
CREATE INDEX shopify_orders_by_user ON shopify_orders (tenant_id, user_id);
-- Orders of a customer who is no member.
CREATE INDEX shopify_orders_by_email ON shopify_orders (tenant_id, customer_email);
-- Orders to be followed up.
CREATE INDEX shopify_orders_by_status ON shopify_orders (tenant_id, status, created_at);

CREATE TABLE shopify_products (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "title" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "collection" TEXT COLLATE "C",
    "status" TEXT COLLATE "C" NOT NULL,
    "price" NUMERIC NOT NULL,
    "currency" TEXT COLLATE "C" NOT NULL,
    "inventory" BIGINT NOT NULL,
    "url" TEXT COLLATE "C" NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Products that run out.
CREATE INDEX shopify_products_by_status ON shopify_products (tenant_id, status, inventory);

CREATE TABLE engagement_metrics (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C",
    "room_id" TEXT COLLATE "C",
    "metric_type" TEXT COLLATE "C" NOT NULL,
    "period" TEXT COLLATE "C" NOT NULL,
    "value" NUMERIC NOT NULL,
    "measured_at" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Figures of a period.
CREATE INDEX engagement_metrics_by_metric ON engagement_metrics (tenant_id, metric_type, period, measured_at);
-- Figures of a member.
CREATE INDEX engagement_metrics_by_user ON engagement_metrics (tenant_id, user_id);

CREATE TABLE notifications (
    tenant_id TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "title" TEXT COLLATE "C",
    "message" TEXT COLLATE "C" NOT NULL,
    "status" TEXT COLLATE "C" NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- Notifications of a member.
CREATE INDEX notifications_by_user ON notifications (tenant_id, user_id, status);

-- What an app keeps between runs. `value` is JSON.
CREATE TABLE app_state (
    tenant_id TEXT COLLATE "C" NOT NULL,
    app_id TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "value" TEXT COLLATE "C" NOT NULL,
    "updated_at" BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, app_id, "key")
);

-- E-mails that wait to be sent.
CREATE TABLE email_outbox (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    app_id TEXT COLLATE "C" NOT NULL,
    "to" TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    reply_to TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- Push messages that wait to be sent.
CREATE TABLE push_outbox (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    app_id TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    message TEXT COLLATE "C" NOT NULL,
    link TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- Events that effects cause, written together with them. `id` derives from the effect; `payload` is JSON.
CREATE TABLE emitted_events (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    payload TEXT COLLATE "C" NOT NULL,
    caused_by TEXT COLLATE "C" NOT NULL,
    chain_depth BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- The ledger: one row for each effect that happened, written in its own transaction, so that it happens once. `outcome` is
-- the JSON of its outputs. The execution comes before the effect in the key, so that the effects of a run lie together.
CREATE TABLE effects (
    tenant_id TEXT COLLATE "C" NOT NULL,
    execution_id TEXT COLLATE "C" NOT NULL,
    effect_id TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, execution_id, effect_id)
);
