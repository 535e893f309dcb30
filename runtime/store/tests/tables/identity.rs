//! Who may do what: members, teams, grants, keys.

use alcove_store::tables::{api_keys, grants, members, operator_keys, team_members, teams};

use crate::{
    databases::databases,
    samples::{ODD, grant_row, key_row, member_row, team_member_row, team_row, tenant},
};

#[tokio::test]
async fn members_and_teams_are_there_once_and_listed_by_name() {
    for db in databases().await {
        let t = tenant("t1");
        let rows = [member_row("t1", "person:bob"), member_row("t1", "person:ann"), member_row("t2", "person:ann")];
        db.run(|d| members::insert(d, &rows)).await;
        assert!(db.attempt(|d| members::insert(d, &rows[..1])).await.unwrap_err().is_refusal(), "{}", db.name);
        let sorted = [rows[1].clone(), rows[0].clone()];
        assert_eq!(db.read(|d| members::list(d, &t, "", 9), members::Row::decode).await, sorted, "{}", db.name);
        assert_eq!(db.read(|d| members::list(d, &t, "person:ann", 9), members::Row::decode).await, sorted[1..]);
        assert_eq!(db.read(|d| members::get(d, &t, "person:bob"), members::Row::decode).await, rows[..1]);
        db.run(|d| members::delete(d, &t, "person:bob")).await;
        assert!(db.run(|d| members::get(d, &t, "person:bob")).await.is_empty());

        let rows = [team_row("t1", "ops"), team_row("t1", "art")];
        db.run(|d| teams::insert(d, &rows)).await;
        assert!(db.attempt(|d| teams::insert(d, &rows[..1])).await.unwrap_err().is_refusal());
        let sorted = [rows[1].clone(), rows[0].clone()];
        assert_eq!(db.read(|d| teams::list(d, &t, "", 9), teams::Row::decode).await, sorted, "{}", db.name);
        assert_eq!(db.read(|d| teams::list(d, &t, "art", 1), teams::Row::decode).await, sorted[1..]);
        db.run(|d| teams::delete(d, &t, "ops")).await;
        assert!(db.run(|d| teams::get(d, &t, "ops")).await.is_empty());
    }
}

#[tokio::test]
async fn somebody_has_what_they_and_their_teams_were_granted() {
    for db in databases().await {
        let t = tenant("t1");
        db.run(|d| members::insert(d, &[member_row("t1", "person:ann"), member_row("t1", "person:bob")])).await;
        let memberships = [team_member_row("t1", "ops", "person:ann"), team_member_row("t1", "art", "person:ann")];
        db.run(|d| team_members::insert_new(d, &memberships)).await;
        db.run(|d| team_members::insert_new(d, &memberships[..1])).await;
        let rows = [
            grant_row("t1", "person:ann", "viewer", None),
            grant_row("t1", "person:bob", "author", None),
            grant_row("t1", "team:art", "author", Some("a")),
            grant_row("t1", "team:ops", "admin", None),
            grant_row("t2", "person:ann", "admin", None),
        ];
        db.run(|d| grants::insert_new(d, &rows)).await;
        db.run(|d| grants::insert_new(d, &rows)).await;
        let effective = async |subject: &str| db.read(|d| grants::effective(d, &t, subject), grants::Row::decode).await;
        assert_eq!(effective("person:ann").await, [rows[0].clone(), rows[2].clone(), rows[3].clone()], "{}", db.name);
        assert_eq!(effective("person:bob").await, rows[1..2]);
        let admins = async || db.run(|d| members::with_role(d, &t, "admin", 9)).await.len();
        assert_eq!(admins().await, 1, "{}", db.name);
        let list = async |after| db.read(|d| grants::list(d, &t, after, 2), grants::Row::decode).await;
        assert_eq!(list(["", "", ""]).await, rows[..2]);
        assert_eq!(list(["person:bob", "author", ""]).await, rows[2..4]);
        let of_ann = db.read(|d| team_members::of_subject(d, &t, "person:ann"), team_members::Row::decode).await;
        assert_eq!(of_ann, [memberships[1].clone(), memberships[0].clone()]);

        db.run(|d| team_members::delete(d, &t, "ops", "person:ann")).await;
        assert_eq!((effective("person:ann").await.len(), admins().await), (2, 0), "{}", db.name);
        db.run(|d| team_members::delete_of_team(d, &t, "art")).await;
        db.run(|d| grants::delete(d, &rows[0].key)).await;
        assert!(effective("person:ann").await.is_empty());
        db.run(|d| grants::delete_of_subject(d, &t, "person:bob")).await;
        assert!(effective("person:bob").await.is_empty());
    }
}

#[tokio::test]
async fn a_key_is_found_by_what_it_hashes_to_and_by_nothing_else() {
    for db in databases().await {
        let full = api_keys::Row {
            scope: Some(ODD.to_owned()),
            expires_at: Some(50),
            last_used_at: Some(7),
            ..key_row("t1", "k2")
        };
        let rows = [key_row("t1", "k1"), full, key_row("t2", "k1")];
        db.run(|d| api_keys::insert(d, &rows)).await;
        for row in &rows {
            let found = db.read(|d| api_keys::by_hash(d, &row.hash), api_keys::Row::decode).await;
            assert_eq!(found, std::slice::from_ref(row), "{}", db.name);
        }
        assert!(db.run(|d| api_keys::by_hash(d, &[0; 32])).await.is_empty());
        let same = api_keys::Row { hash: rows[0].hash, ..key_row("t2", "k9") };
        let refused = db.attempt(|d| api_keys::insert(d, std::slice::from_ref(&same))).await.unwrap_err();
        assert!(refused.is_refusal(), "{}", db.name);
    }
}

#[tokio::test]
async fn a_key_ends_once_and_is_forgotten_later() {
    for db in databases().await {
        let t = tenant("t1");
        let rows = ["k1", "k2", "k3", "k4"].map(|id| key_row("t1", id));
        db.run(|d| api_keys::insert(d, &rows)).await;
        let get = async |id: &str| db.read(|d| api_keys::get(d, &t, id), api_keys::Row::decode).await.remove(0);
        let valid = async |at| db.run(|d| api_keys::count_valid(d, &t, at)).await[0][0].as_int().unwrap();
        assert_eq!(valid(0).await, 4, "{}", db.name);
        db.run(|d| api_keys::revoke(d, &t, "k1", 10)).await;
        db.run(|d| api_keys::revoke(d, &t, "k1", 11)).await;
        assert_eq!(get("k1").await.revoked_at, Some(10), "{}", db.name);
        db.run(|d| api_keys::expire(d, &t, "k2", 20)).await;
        db.run(|d| api_keys::expire(d, &t, "k2", 30)).await;
        assert_eq!((get("k2").await.expires_at, valid(19).await, valid(20).await), (Some(20), 3, 2));
        db.run(|d| api_keys::used(d, &t, "k3", 5)).await;
        db.run(|d| api_keys::used(d, &t, "k3", 4)).await;
        assert_eq!(get("k3").await.last_used_at, Some(5));
        db.run(|d| api_keys::revoke_of_subject(d, &t, "person:ann", 40)).await;
        assert_eq!((get("k1").await.revoked_at, get("k4").await.revoked_at), (Some(10), Some(40)));
        db.run(|d| api_keys::prune(d, &t, 21)).await;
        let left = db.read(|d| api_keys::list(d, &t, "", 9), api_keys::Row::decode).await;
        assert_eq!(left.iter().map(|row| &*row.id).collect::<Vec<_>>(), ["k3", "k4"], "{}", db.name);
    }
}

#[tokio::test]
async fn a_key_of_an_operator_belongs_to_no_tenant() {
    for db in databases().await {
        let row = operator_keys::Row {
            id: "o1".to_owned(),
            name: ODD.to_owned(),
            hash: [7; 32],
            prefix: "alcop_12".to_owned(),
            created_at: 1,
            expires_at: Some(9),
            revoked_at: None,
            last_used_at: None,
        };
        db.run(|d| operator_keys::insert(d, std::slice::from_ref(&row))).await;
        db.run(|d| operator_keys::used(d, "o1", 5)).await;
        db.run(|d| operator_keys::revoke(d, "o1", 6)).await;
        db.run(|d| operator_keys::revoke(d, "o1", 7)).await;
        let found = db.read(|d| operator_keys::by_hash(d, &[7; 32]), operator_keys::Row::decode).await;
        let expected = operator_keys::Row { revoked_at: Some(6), last_used_at: Some(5), ..row };
        assert_eq!(found, [expected], "{}", db.name);
    }
}
