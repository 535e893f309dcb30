//! What apps may reach outside.

use alcove_egress::{Egress, Origin, Policy};
use alcove_execution::Outside;

use crate::{cli::complaint::Complaint, sandbox};

/// The AI provider of the environment, and the origins of the command line.
pub(super) fn outside(allowed: &[String], routes: &[String]) -> Result<Outside, Complaint> {
    let ai = sandbox::configured_ai();
    let ai = ai.map_err(|error| Complaint::new("usage", "ALCOVE_AI_DIALECT", "", format!("{error:#}")))?;
    let origins = allowed.iter().map(|url| origin("--allow-origin", url)).collect::<Result<Vec<_>, _>>()?;
    let mut policy = Policy::allow(origins);
    for route in routes {
        let (from, to) = route.split_once('=').ok_or_else(|| {
            Complaint::new("usage", "--route-origin", "", format!("`{route}` must be FROM=TO, two origins"))
        })?;
        policy = policy.with_route(origin("--route-origin", from)?, origin("--route-origin", to)?);
    }
    let egress = Egress::new(policy).map_err(|error| Complaint::caused("usage", "--allow-origin", &error))?;
    Ok(Outside { ai, egress: Some(egress) })
}

fn origin(option: &str, url: &str) -> Result<Origin, Complaint> {
    Origin::parse(url).map_err(|error| Complaint::caused("usage", option, &error))
}
