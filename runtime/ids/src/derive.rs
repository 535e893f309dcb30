//! Ids that follow from what they name.

use std::sync::LazyLock;

use blake3::hazmat::{ContextKey, HasherExt, hash_derive_key_context};

use crate::{AppId, EffectId, ExecutionId, TenantId};

/// The keys of the contexts, derived once: what is hashed is shorter than the context's name.
static EXECUTION: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context("alcove execution id v1"));
static TRIGGERED: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context("alcove triggered execution id v1"));
static EFFECT: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context("alcove effect id v1"));
static PART: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context("alcove part id v1"));

/// Characters of a derived id after its prefix: 26 of Crockford's base 32 hold 130 bits, of which 128 are the digest's.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl AppId {
    /// The app that this chance names: 128 bits, so that no two apps get the same.
    pub fn from_chance(bytes: [u8; 16]) -> Self {
        Self::trusted(format!("app_{}", base32(&bytes)))
    }
}

impl ExecutionId {
    /// The execution that `cause` (a due time, an event and its delay, a request) starts of a version of an app.
    pub fn derive(tenant: &TenantId, app: &AppId, plan_digest: &[u8; 32], cause: &[&[u8]]) -> Self {
        let mut parts: Vec<&[u8]> = vec![tenant.as_str().as_bytes(), app.as_str().as_bytes(), plan_digest];
        parts.extend_from_slice(cause);
        Self::trusted(format!("run_{}", digest(&EXECUTION, &parts)))
    }

    /// The execution that a trigger starts of an app, whichever version of it is active: so each trigger fires once.
    /// The key names the trigger, and nothing else has it: an event, a delay after one, a due time or a request.
    pub fn of_trigger(tenant: &TenantId, app: &AppId, key: &str) -> Self {
        let parts = [tenant.as_str().as_bytes(), app.as_str().as_bytes(), key.as_bytes()];
        Self::trusted(format!("run_{}", digest(&TRIGGERED, &parts)))
    }
}

impl EffectId {
    /// The effect of the action at `place` (its position among the plan's actions), in these iterations of the loops
    /// around it, outermost first.
    pub fn derive(execution: &ExecutionId, place: u32, indices: &[u32]) -> Self {
        let place = place.to_le_bytes();
        let indices: Vec<u8> = indices.iter().flat_map(|index| index.to_le_bytes()).collect();
        Self::trusted(format!("eff_{}", digest(&EFFECT, &[execution.as_str().as_bytes(), &place, &indices])))
    }

    /// A second id that belongs to this effect: of a row that it makes, or of an event that it causes.
    pub fn part(&self, prefix: &str, part: &str) -> String {
        format!("{prefix}_{}", digest(&PART, &[self.as_str().as_bytes(), part.as_bytes()]))
    }
}

/// BLAKE3 with a context, over length-prefixed parts, so that no two lists of parts collide.
fn digest(context: &ContextKey, parts: &[&[u8]]) -> String {
    let mut hasher = blake3::Hasher::new_from_context_key(context);
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let bytes = hasher.finalize();
    let (head, _) = bytes.as_bytes().split_at(16);
    base32(head)
}

fn base32(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push(&mut out, buffer >> bits);
        }
    }
    if bits > 0 {
        push(&mut out, buffer << (5 - bits));
    }
    out
}

fn push(out: &mut String, quintet: u32) {
    let letter = usize::try_from(quintet & 31).ok().and_then(|i| ALPHABET.get(i));
    out.extend(letter.map(|byte| char::from(*byte)));
}

#[cfg(test)]
mod tests {
    use crate::{AppId, EffectId, ExecutionId, TenantId};

    #[test]
    fn an_execution_id_is_stable_and_differs_by_tenant_app_and_trigger() {
        let id = |tenant: &str, app: &str, key: &str| {
            ExecutionId::of_trigger(&TenantId::parse(tenant).unwrap(), &AppId::parse(app).unwrap(), key)
        };
        let one = id("t1", "a1", "event:shop:e1");
        assert_eq!(one, id("t1", "a1", "event:shop:e1"));
        assert_eq!(one.as_str().len(), "run_".len() + 26);
        for other in [
            id("t2", "a1", "event:shop:e1"),
            id("t1", "a2", "event:shop:e1"),
            id("t1", "a1", "event:shop:e1:delay:0"),
            id("t1", "a1e", "vent:shop:e1"),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn an_effect_id_is_stable_and_differs_by_execution_place_and_indices() {
        let run = |text: &str| ExecutionId::parse(text).unwrap();
        let id = EffectId::derive(&run("run_1"), 0, &[1, 2]);
        assert_eq!(id, EffectId::derive(&run("run_1"), 0, &[1, 2]));
        assert_eq!(id.as_str().len(), "eff_".len() + 26);
        for other in [
            EffectId::derive(&run("run_2"), 0, &[1, 2]),
            EffectId::derive(&run("run_1"), 1, &[1, 2]),
            EffectId::derive(&run("run_1"), 0, &[2, 1]),
            EffectId::derive(&run("run_1"), 0, &[1]),
        ] {
            assert_ne!(id, other);
        }
    }
}
