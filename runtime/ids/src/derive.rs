//! Ids that follow from what they name.

use std::sync::LazyLock;

use blake3::hazmat::{ContextKey, HasherExt, hash_derive_key_context};

use crate::{AppId, EffectId, ExecutionId, TenantId};

/// The keys of the contexts, derived once: what is hashed is shorter than the context's name.
static EXECUTION: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context("alcove execution id v1"));
static TRIGGERED: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context("alcove triggered execution id v1"));
static EFFECT: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context("alcove effect id v1"));
static PART: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context("alcove part id v1"));

/// Crockford's base 32, whose order is that of the characters' codes. A digest of 128 bits takes 26 of them.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters of a digest.
const DIGEST_CHARS: usize = 26;
/// Characters of a time: 50 bits of milliseconds.
const TIME_CHARS: usize = 10;

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
    ///
    /// It begins with a time, in microseconds since 1970-01-01T00:00:00Z, as do the ids that derive from it: what comes
    /// later sorts behind, so that new rows are written side by side, and not each into a page of its own.
    pub fn of_trigger(tenant: &TenantId, app: &AppId, key: &str, at_us: i64) -> Self {
        let parts = [tenant.as_str().as_bytes(), app.as_str().as_bytes(), key.as_bytes()];
        Self::trusted(format!("run_{}{}", time(at_us), digest(&TRIGGERED, &parts)))
    }
}

impl EffectId {
    /// The effect of the action at `place` (its position among the plan's actions), in these iterations of the loops
    /// around it, outermost first.
    pub fn derive(execution: &ExecutionId, place: u32, indices: &[u32]) -> Self {
        let place = place.to_le_bytes();
        let indices: Vec<u8> = indices.iter().flat_map(|index| index.to_le_bytes()).collect();
        let name = execution.as_str();
        Self::trusted(format!("eff_{}{}", time_of(name), digest(&EFFECT, &[name.as_bytes(), &place, &indices])))
    }

    /// A second id that belongs to this effect: of a row that it makes, or of an event that it causes.
    pub fn part(&self, prefix: &str, part: &str) -> String {
        let name = self.as_str();
        format!("{prefix}_{}{}", time_of(name), digest(&PART, &[name.as_bytes(), part.as_bytes()]))
    }
}

/// Milliseconds, in characters that sort as they do. Before 1970 is 1970; the last of 34,000 years is the last.
fn time(at_us: i64) -> String {
    let ms = u64::try_from(at_us / 1_000).unwrap_or(0);
    let mut out = String::with_capacity(TIME_CHARS);
    for place in (0..TIME_CHARS).rev() {
        push(&mut out, u32::try_from((ms >> (5 * place)) & 31).unwrap_or(0));
    }
    out
}

/// The time that an id begins with, behind its prefix; empty if it begins with none.
fn time_of(id: &str) -> &str {
    let rest = id.split_once('_').map_or("", |(_, rest)| rest);
    let begins_with_time = rest.len() == TIME_CHARS + DIGEST_CHARS;
    rest.split_at_checked(TIME_CHARS).filter(|_| begins_with_time).map_or("", |(time, _)| time)
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
            ExecutionId::of_trigger(&TenantId::parse(tenant).unwrap(), &AppId::parse(app).unwrap(), key, 5_000)
        };
        let one = id("t1", "a1", "event:shop:e1");
        assert_eq!(one, id("t1", "a1", "event:shop:e1"));
        assert_eq!(one.as_str().len(), "run_".len() + 10 + 26);
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

    #[test]
    fn ids_of_triggers_sort_by_time_and_so_do_those_that_derive_from_them() {
        let (tenant, app) = (TenantId::parse("t").unwrap(), AppId::parse("a").unwrap());
        let run = |at_us: i64| ExecutionId::of_trigger(&tenant, &app, "key", at_us);
        let times = [i64::MIN, 0, 1_000, 31_000, 32_000, 1_794_816_000_000_000, 1_794_816_000_001_000, i64::MAX];
        let time = |id: &str| id.get(4..14).map(str::to_owned).unwrap();
        for pair in times.windows(2) {
            let (earlier, later) = (run(pair[0]), run(pair[1]));
            assert!(earlier <= later, "{pair:?}");
            let effect = |run: &ExecutionId| EffectId::derive(run, 0, &[]);
            assert_eq!(time(effect(&earlier).as_str()), time(earlier.as_str()));
            assert_eq!(time(&effect(&later).part("ntf", "id")), time(later.as_str()));
        }
        assert_eq!(time(run(0).as_str()), "0000000000");
    }
}
