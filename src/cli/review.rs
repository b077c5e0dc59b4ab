//! `mlgrade review`: the marking page.

use std::net::{Ipv4Addr, SocketAddrV4};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use jiff::Timestamp;
use tokio::net::TcpListener;

use super::Exit;
use super::marks::user;
use super::reports::Reports;
use super::say::say;
use crate::domain::text::plain;
use crate::review::{Desk, server};

/// Mark written answers, figures and whatever else waits for a person, in a browser on this machine.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade review\n  mlgrade review reports/hw2 --grader ana\n\nEach mark is on disk before the page says that it is saved. Two graders may work at once, each with a name and a page of their own. Ctrl-C ends it, and reports and grades are written anew."
)]
pub(super) struct Args {
    /// The folder of reports that `mlgrade grade` wrote
    #[arg(default_value = "reports")]
    reports: PathBuf,
    /// Who is marking [default: the user]
    #[arg(long)]
    grader: Option<String>,
    /// The port on 127.0.0.1 [default: any that is free]
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let grader = args.grader.clone().unwrap_or_else(user);
    let desk = Arc::new(Mutex::new(Desk::open(&args.reports, grader.clone(), Timestamp::now)?));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        let address = SocketAddrV4::new(Ipv4Addr::LOCALHOST, args.port);
        let listener = TcpListener::bind(address).await.with_context(|| format!("{address} cannot be listened on; name another --port"))?;
        let token = token()?;
        say!("{} is marking at http://{}/{token}/", plain(&grader), listener.local_addr()?);
        say!("Only this machine can open it. Ctrl-C ends it.");
        let stop = async {
            // Without signals the program ends when it is killed; marks are on disk by then.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        server::serve(Arc::clone(&desk), listener, &token, stop).await.context("the page can no longer be served")
    })?;
    let desk = desk.lock().unwrap_or_else(PoisonError::into_inner);
    let class = Reports::open(&args.reports)?.publish(desk.store())?;
    say!("\nwrote {}/ ({} reports), {0}/grades.csv", args.reports.display(), class.submissions());
    Ok(Exit::Fine)
}

/// 128 random bits of the system, in hexadecimal.
fn token() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("the system gives no random numbers: {error}"))?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}
