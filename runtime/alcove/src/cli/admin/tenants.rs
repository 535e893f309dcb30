//! Tenants.

use alcove_control::{Administration, NewTenant, Operator, Page, TenantChange};
use alcove_execution::Tier;
use serde_json::json;

use super::{Complaint, Done, Place, complaint};
use crate::escape::shown;

#[derive(Debug, clap::Args)]
pub(super) struct Create {
    /// Its id.
    name: String,
    /// What it may use over time: `free`, `starter`, `pro` or `enterprise`; none: as much as it likes.
    #[arg(long)]
    tier: Option<String>,
    /// An origin that its apps' requests may go to. May be repeated; none: none.
    #[arg(long, value_name = "URL")]
    allow_origin: Vec<String>,
    #[command(flatten)]
    pub(super) place: Place,
}

#[derive(Debug, clap::Args)]
pub(super) struct List {
    #[command(flatten)]
    pub(super) place: Place,
}

impl Create {
    pub(super) async fn run(&self, admin: &Administration) -> Result<Done, Complaint> {
        let tier = self.tier.as_deref().map(|name| {
            Tier::ALL.into_iter().find(|tier| tier.name() == name).ok_or_else(|| {
                let names = Tier::ALL.map(Tier::name).join(", ");
                Complaint::new("usage", "--tier", "", format!("`{name}` is not a tier; there are {names}"))
            })
        });
        let settings = TenantChange {
            tier: tier.transpose()?.map(Some),
            allowed_origins: (!self.allow_origin.is_empty()).then(|| self.allow_origin.clone()),
            ..TenantChange::default()
        };
        let new = NewTenant { id: self.name.clone(), settings };
        let tenant = admin.create_tenant(&Operator::console(), &new).await.map_err(|error| complaint(&error))?;
        Ok(Done { lines: vec![format!("the tenant `{}` is made", tenant.id)], json: json!({ "tenant": tenant }) })
    }
}

impl List {
    pub(super) async fn run(&self, admin: &Administration) -> Result<Done, Complaint> {
        let (mut tenants, mut cursor) = (Vec::new(), None);
        loop {
            let page = Page { limit: Some(Page::LIMIT_MAX), cursor: cursor.as_deref() };
            let list = admin.tenants(&Operator::console(), page).await.map_err(|error| complaint(&error))?;
            tenants.extend(list.items);
            cursor = list.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        let line = |tenant: &alcove_control::TenantView| {
            format!("{}  {}  {}", shown(&tenant.id), tenant.status, tenant.tier.unwrap_or("no tier"))
        };
        Ok(Done { lines: tenants.iter().map(line).collect(), json: json!({ "tenants": tenants }) })
    }
}
