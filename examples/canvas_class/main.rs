//! Writes the example class as Canvas would give it for download: `download.zip` and `gradebook.csv`, for the first steps of docs/for-tas.md.
//!
//! ```text
//! cargo run --release --example canvas_class -- target/canvas
//! ```

mod download;

use std::path::Path;

fn main() -> anyhow::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/canvas".to_owned());
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let class = download::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("submissions"))?;
    std::fs::write(folder.join("download.zip"), &class.zip)?;
    std::fs::write(folder.join("gradebook.csv"), &class.gradebook)?;
    Ok(())
}
