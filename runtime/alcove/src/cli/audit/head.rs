//! `alcove audit head`.

use std::path::PathBuf;

use serde_json::json;

use super::{Exit, Format, broken, recorded, sign::Signer, walk};
use crate::{cli::complaint::Complaint, clock, terminal::Terminal};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    database: recorded::Database,
    /// Sign it with the Ed25519 key in this file: PKCS #8 in DER, as `openssl genpkey -algorithm ed25519 -outform DER`
    /// writes it.
    #[arg(long, value_name = "KEYFILE")]
    sign: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value = "human")]
    pub(super) format: Format,
}

pub(super) async fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Complaint> {
    let signer = args.sign.as_deref().map(Signer::read).transpose()?;
    let (tenant, verdict) = walk(&args.database, None).await?;
    let head = match verdict {
        Ok(verified) => verified.head,
        Err(found) => return Ok(broken(&tenant, &found, args.format, terminal)),
    };
    let at = clock::now().map(|now| now.to_string()).unwrap_or_default();
    let signed = signer.map(|signer| signer.sign(&head, &at));
    match args.format {
        Format::Json => {
            let mut report = json!({
                "tenant": tenant.as_str(), "entries": head.entries, "head": head.hash.to_hex().as_str(), "at": at,
            });
            if let (Some(members), Some(signed)) = (report.as_object_mut(), &signed) {
                members.insert("signed".to_owned(), json!(signed.text));
                members.insert("public_key".to_owned(), json!(signed.public_key));
                members.insert("signature".to_owned(), json!(signed.signature));
            }
            terminal.json(&report.to_string());
        }
        Format::Human => {
            terminal.line(&format!("{} ({} notes)", head.hash, head.entries));
            if let Some(signed) = &signed {
                terminal.line(&format!("signature {}", signed.signature));
                terminal.line(&format!("public key {}", signed.public_key));
                terminal.line(&format!("of the text\n{}", signed.text.trim_end()));
            }
        }
    }
    Ok(Exit::Done)
}
