//! The shipped data files against the names that configs in the field use.

use std::collections::BTreeSet;

use alcove_plan::{
    expr::Compare,
    types::{Kind, Type},
};

use crate::{ActionBinding, Catalog, Class, ConnectorBinding, Guarantee};

const CONNECTORS: &[&str] = &[
    "app_state",
    "campaigns",
    "contributions",
    "engagement_metrics",
    "hangman_status",
    "milestones",
    "missions",
    "nft_badges",
    "notifications",
    "posts",
    "rewards",
    "room_members",
    "rooms",
    "shopify_orders",
    "shopify_products",
    "total_rewards",
    "trivia_status",
    "user_missions",
    "users",
];

const EVENTS: &[&str] = &[
    "badge.earned",
    "campaign.ended",
    "campaign.started",
    "campaign.winner_selected",
    "comment.created",
    "contribution.completed",
    "contribution.created",
    "contribution.expired",
    "hangman.completed",
    "milestone.reached",
    "mission.assigned",
    "mission.completed",
    "mission.created",
    "mission.expired",
    "nft_badge.claimed",
    "nft_badge.minted",
    "nft_badge.transferred",
    "post.created",
    "post.deleted",
    "post.flagged",
    "post.updated",
    "reward.claimed",
    "room.access_requested",
    "room.created",
    "room.member_joined",
    "room.member_left",
    "shopify.checkout.abandoned",
    "shopify.customer.created",
    "shopify.order.created",
    "shopify.order.fulfilled",
    "shopify.product.restocked",
    "spin_wheel.completed",
    "streak.broken",
    "streak.extended",
    "streak.started",
    "survey.completed",
    "trivia.completed",
    "user.created",
    "user.deleted",
    "user.login",
    "user.updated",
    "user.wallet_connected",
    "xp.awarded",
];

const ACTIONS: &[&str] = &[
    "add_to_room",
    "ai_analyze",
    "ai_classify",
    "ai_generate",
    "award_badge",
    "award_xp",
    "create_mission",
    "create_post",
    "create_user_from_shopify",
    "delete_state",
    "emit_event",
    "flag_post",
    "get_state",
    "request_approval",
    "send_email",
    "send_notification",
    "send_push",
    "set_state",
    "update_user",
    "webhook_call",
];

/// Variable, connector, payload field.
const ENTITIES: &[(&str, &str, &str)] = &[
    ("badge", "nft_badges", "badge_id"),
    ("campaign", "campaigns", "campaign_id"),
    ("contribution", "contributions", "contribution_id"),
    ("mission", "missions", "mission_id"),
    ("order", "shopify_orders", "order_id"),
    ("product", "shopify_products", "product_id"),
    ("room", "rooms", "room_id"),
    ("user", "users", "user_id"),
];

#[test]
fn exactly_the_known_names_are_there() {
    let catalog = Catalog::shipped();
    assert_eq!(catalog.connectors().map(|c| c.name.as_str()).collect::<Vec<_>>(), CONNECTORS);
    assert_eq!(catalog.events().map(|e| e.name.as_str()).collect::<Vec<_>>(), EVENTS);
    assert_eq!(catalog.actions().map(|a| a.name.as_str()).collect::<Vec<_>>(), ACTIONS);
    let entities: Vec<_> =
        catalog.entities().map(|e| (e.name.as_str(), e.connector.as_str(), e.id_field.as_str())).collect();
    assert_eq!(entities, ENTITIES);
}

#[test]
fn names_inside_entries_do_not_repeat() {
    fn distinct<'a>(owner: &str, names: impl Iterator<Item = &'a String>) {
        let mut seen = BTreeSet::new();
        names.for_each(|name| assert!(seen.insert(name), "{owner} names `{name}` twice"));
    }
    let catalog = Catalog::shipped();
    catalog.connectors().for_each(|c| distinct(&c.name, c.fields.iter().map(|f| &f.name)));
    catalog.events().for_each(|e| distinct(&e.name, e.fields.iter().map(|f| &f.name)));
    for action in catalog.actions() {
        distinct(&action.name, action.params.iter().map(|p| &p.name));
        distinct(&action.name, action.outputs.iter().map(|o| &o.name));
    }
}

#[test]
fn every_entity_reads_a_connector_that_is_filterable_by_id() {
    let catalog = Catalog::shipped();
    for entity in catalog.entities() {
        let id = catalog.connector(&entity.connector).and_then(|c| c.field("id")).unwrap();
        assert!(id.operators().contains(&Compare::Eq), "{}", entity.name);
    }
}

#[test]
fn every_entity_is_named_by_some_event_as_a_string() {
    let catalog = Catalog::shipped();
    for entity in catalog.entities() {
        let fields: Vec<_> = catalog.events().filter_map(|e| e.field(&entity.id_field)).collect();
        assert!(!fields.is_empty(), "no event carries `{}`", entity.id_field);
        assert!(fields.iter().all(|f| f.ty.ty == Type::One(Kind::Str)), "{}", entity.id_field);
    }
}

#[test]
fn rows_carry_id_and_times_and_filter_by_them() {
    for connector in Catalog::shipped().connectors() {
        assert_eq!((connector.default_limit, connector.limit_max), (100, 5_000), "{}", connector.name);
        let own_key = connector.binding == ConnectorBinding::AppState;
        let always: &[&str] = if own_key { &["key", "updated_at"] } else { &["id", "created_at", "updated_at"] };
        for name in always {
            let field = connector.field(name).unwrap_or_else(|| panic!("{} has no {name}", connector.name));
            assert!(field.filterable && !field.ty.nullable, "{}.{name}", connector.name);
        }
        if let ConnectorBinding::Sql { table } = &connector.binding {
            assert_eq!(table, &connector.name);
        }
    }
}

#[test]
fn operators_follow_the_type() {
    use Compare::{Contains, EndsWith, Eq, Gt, Gte, In, Lt, Lte, Ne, NotIn, StartsWith};
    const ORDERED: &[Compare] = &[Eq, Ne, Gt, Gte, Lt, Lte, In, NotIn];
    const STRING: &[Compare] = &[Eq, Ne, Gt, Gte, Lt, Lte, In, NotIn, Contains, StartsWith, EndsWith];
    let cases: &[(&str, &[Compare])] = &[
        ("email", STRING),
        ("web3_account", STRING),
        ("xp_total", ORDERED),
        ("engagement_score", ORDERED),
        ("created_at", ORDERED),
        ("marketing_opt_in", &[Eq, Ne]),
        ("interests", &[Contains]),
        ("profile", &[]),
        ("bio", &[]),
    ];
    let users = Catalog::shipped().connector("users").unwrap();
    for (name, expected) in cases {
        assert_eq!(users.field(name).unwrap().operators(), *expected, "{name}");
    }
}

#[test]
fn filterable_fields_have_operators_and_closed_sets_are_strings() {
    for connector in Catalog::shipped().connectors() {
        for field in &connector.fields {
            assert_eq!(field.filterable, !field.operators().is_empty(), "{}.{}", connector.name, field.name);
            assert!(field.values.is_empty() || field.ty.ty == Type::One(Kind::Str), "{}", field.name);
        }
    }
}

#[test]
fn personal_data_is_marked() {
    let catalog = Catalog::shipped();
    let marked: Vec<_> = catalog
        .connectors()
        .flat_map(|c| c.fields.iter().filter(|f| f.pii).map(move |f| format!("{}.{}", c.name, f.name)))
        .collect();
    assert_eq!(marked, ["shopify_orders.customer_email", "users.email", "users.web3_account"]);
    let marked: BTreeSet<_> =
        catalog.events().flat_map(|e| e.fields.iter().filter(|f| f.pii)).map(|f| f.name.as_str()).collect();
    assert_eq!(marked, BTreeSet::from(["shopify_customer_email", "web3_account"]));
}

#[test]
fn actions_refer_to_things_that_exist() {
    let catalog = Catalog::shipped();
    for action in catalog.actions() {
        assert!(action.emits.iter().all(|event| catalog.event(event).is_some()), "{}", action.name);
        for param in &action.params {
            assert!(param.writes.as_ref().is_none_or(|c| catalog.connector(c).is_some()), "{}", action.name);
        }
        if let ActionBinding::Sql { script } = &action.binding {
            assert_eq!(script, &action.name);
        }
        let keyed_by = action.keyed_if.as_deref().map(|name| action.param(name).map(|param| param.ty.ty));
        assert!(keyed_by.is_none_or(|ty| ty == Some(Type::One(Kind::Bool))), "{}", action.name);
    }
}

#[test]
fn classes_and_guarantees_follow_the_binding() {
    for action in Catalog::shipped().actions() {
        let ai = action.binding == ActionBinding::Ai;
        assert_eq!(action.class == Some(Class::Ai), ai, "{}", action.name);
        let guarantee = match action.binding {
            ActionBinding::Ai => Guarantee::Natural,
            ActionBinding::Http => Guarantee::Unproven,
            ActionBinding::Api(_) => Guarantee::Keyed,
            ActionBinding::Sql { .. } | ActionBinding::Flow => Guarantee::Local,
        };
        assert_eq!(action.guarantee, guarantee, "{}", action.name);
        assert!(ai || action.outputs.iter().all(|output| !output.ai_text), "{}", action.name);
    }
    assert_eq!(Catalog::shipped().action("send_email").unwrap().class, Some(Class::Email));
}

#[test]
fn only_a_label_from_the_configs_own_list_is_not_ai_text() {
    let catalog = Catalog::shipped();
    let is_ai_text = |action: &str, output: &str| {
        catalog.action(action).unwrap().outputs.iter().find(|o| o.name == output).unwrap().ai_text
    };
    assert!(is_ai_text("ai_analyze", "text"));
    assert!(is_ai_text("ai_analyze", "classification"));
    assert!(is_ai_text("ai_generate", "text"));
    assert!(!is_ai_text("ai_classify", "classification"));
}
