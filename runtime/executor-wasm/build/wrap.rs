use anyhow::{Context, Result, bail, ensure};
use wit_component::{ComponentEncoder, DecodedWasm, decode};
use wit_parser::WorldItem;

/// The only package whose interfaces a guest may import.
const PACKAGE: &str = "alcove:executor/";

/// Wraps a core module, which carries its world as wit-bindgen left it, into a validated component.
///
/// # Errors
/// The module is not made for its world, or it reaches for more than the package `alcove:executor`.
pub(crate) fn component(module: &[u8]) -> Result<Vec<u8>> {
    let component = ComponentEncoder::default()
        .module(module)
        .and_then(|encoder| encoder.validate(true).encode())
        .context("the guest does not fit the world in `wit/executor`: what is missing there is no guest's to import")?;
    let foreign = imports(&component)?.into_iter().filter(|name| !name.starts_with(PACKAGE)).collect::<Vec<_>>();
    ensure!(
        foreign.is_empty(),
        "the guest imports `{}`, but may import nothing outside `{PACKAGE}*`: remove what needs it",
        foreign.join("`, `"),
    );
    Ok(component)
}

/// The names of everything that a component imports. Types of the world itself are no import: they give nothing.
pub(crate) fn imports(component: &[u8]) -> Result<Vec<String>> {
    let DecodedWasm::Component(resolve, world) = decode(component)? else {
        bail!("the encoder gave a package of interfaces, not a component");
    };
    let world = resolve.worlds.get(world).context("a component without a world")?;
    let imports = world.imports.iter().filter(|(_, item)| !matches!(item, WorldItem::Type { .. }));
    Ok(imports.map(|(key, _)| resolve.name_world_key(key)).collect())
}
