//! Writing refusals down, and reading the log.

use alcove_ids::TenantId;
use alcove_journal::transition::Subject;
use alcove_store::{StoreError, audit};
use serde_json::json;

use super::denials::Kind;
use crate::{Engine, node::Node, transition::subject_to_json};

/// A call that was refused.
#[derive(Clone, Copy, Debug)]
pub struct Denial<'a> {
    /// In whose log it belongs: the caller's tenant, or [`audit::PLATFORM`] for an operator and for who is not known.
    pub tenant: &'a TenantId,
    /// Who asked; `None`: nobody who is known.
    pub by: Option<&'a Subject>,
    /// What they asked for: the name of an operation, one of a fixed set.
    pub operation: &'a str,
    /// What it was about: ids, as the caller gave them.
    pub resource: &'a str,
    /// Why it was refused: the permission that is missing, or another reason.
    pub reason: &'a str,
}

impl Engine {
    /// Writes a refused call down. The first of several that differ in nothing but the resource is durable when this
    /// returns; others within a minute are counted, and the count is written down when the minute is over.
    pub async fn denied(&self, denial: Denial<'_>) -> Result<(), StoreError> {
        let node = self.node();
        let now_us = node.clock.now().micros();
        let Denial { tenant, by, operation, resource, reason } = denial;
        let subject = by.map_or_else(|| json!({ "kind": "nobody" }).to_string(), subject_to_json);
        let kind = Kind { tenant: tenant.clone(), subject: subject.clone(), operation: operation.to_owned() };
        let (is_first, mut notes) = node.denials.count(kind, now_us);
        if is_first {
            notes.push(audit::Note {
                tenant: tenant.clone(),
                at: now_us,
                subject,
                what: "call.denied".to_owned(),
                detail: json!({ "operation": operation, "resource": resource, "reason": reason }).to_string(),
            });
        }
        if notes.is_empty() { Ok(()) } else { append(node, &notes).await }
    }

    /// The notes of a tenant's audit log from this number on, so many at most.
    pub async fn audit_log(&self, tenant: &TenantId, from: u64, limit: u32) -> Result<Vec<audit::Row>, StoreError> {
        audit::page(&self.node().store, tenant, from, limit).await
    }
}

/// Writes notes of one tenant down, in a transaction of their own.
pub(super) async fn append(node: &Node, notes: &[audit::Note]) -> Result<(), StoreError> {
    let mut transaction = node.store.begin().await?;
    if let Some(note) = notes.first() {
        transaction.for_tenant(note.tenant.as_str());
    }
    audit::append(&mut transaction, notes).await?;
    transaction.commit().await
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use alcove_ids::TenantId;
    use alcove_journal::transition::SubjectKind;

    use super::*;
    use crate::testing::{Scene, databases};

    #[tokio::test]
    async fn a_caller_who_is_refused_again_and_again_leaves_the_first_refusal_and_how_many_followed() {
        for database in databases().await {
            let name = database.name;
            let scene = Scene::with(database, crate::EngineConfig::default());
            let engine = scene.engine().await;
            let tenant = TenantId::parse("t").unwrap();
            let by = Subject { kind: SubjectKind::Key, id: "k".to_owned() };
            for resource in ["a", "b", "c"] {
                let denial =
                    Denial { tenant: &tenant, by: Some(&by), operation: "apps.pause", resource, reason: "write" };
                engine.denied(denial).await.unwrap();
            }
            let log = engine.audit_log(&tenant, 0, 9).await.unwrap();
            assert_eq!(log.len(), 1, "{name}");
            assert_eq!(log[0].note.subject, r#"{"kind":"key","id":"k"}"#, "{name}");
            assert_eq!(log[0].note.detail, r#"{"operation":"apps.pause","resource":"a","reason":"write"}"#, "{name}");
            scene.clock.advance(Duration::from_secs(1));
            engine.shut_down().await.unwrap();
            let log = engine.audit_log(&tenant, 0, 9).await.unwrap();
            assert_eq!(log.len(), 2, "{name}");
            assert!(log[1].note.detail.contains(r#""more":2"#), "{name}: {}", log[1].note.detail);
            assert!(audit::verify(&scene.store, &tenant, None).await.unwrap().is_ok(), "{name}");
        }
    }
}
