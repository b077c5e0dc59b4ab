#!/bin/bash
# A real Slurm on this machine's loopback, for tests: a controller and three nodes, n1 to n3, each a slurmd with a port of its own.
# Needs no systemd and no accounting, and no root either: without it all runs as the one who calls, and so do the jobs.
#
#   cluster.sh start DIR         munged, slurmctld and the nodes; all state, logs, keys and pids are in DIR
#   cluster.sh kill-node DIR N   a power cut: SIGKILL for slurmd, for what watches over its jobs, and for the jobs
#   cluster.sh cut-node DIR N    to the controller the same, but the jobs go on: as if the network were gone
#   cluster.sh start-node DIR N  the node is back
#   cluster.sh stop DIR          ends whatever of it runs; harmless if nothing does; DIR stays, for its logs
#
# Commands of Slurm find it by SLURM_CONF=DIR/slurm.conf.
set -euo pipefail
export LC_ALL=C

# Debian has the daemons where the PATH of a user need not lead.
PATH="$PATH:/usr/sbin:/sbin"

nodes=(n1 n2 n3)

say() { printf 'cluster: %s\n' "$*" >&2; }

# Slurm's own processes that write into a log. slurmstepd, which watches over a job, leaves its parent and overwrites its environment, but
# it keeps its node's log open.
writers_of() {
    find /proc/[0-9]*/fd -maxdepth 1 -lname "$dir/$1" 2>/dev/null | cut -d / -f 3 | sort -u | while read -r pid; do
        case "$(cat "/proc/$pid/comm" 2>/dev/null || true)" in slurm* | munged) printf '%s\n' "$pid" ;; esac
    done || true
}

# The environment that a process was started with tells of a job, however it forks.
with_variable() { grep -slzxF -- "$1" /proc/[0-9]*/environ | cut -d / -f 3 | sort || true; }
jobs_on() { comm -12 <(with_variable "SLURM_CONF=$SLURM_CONF") <(with_variable "SLURMD_NODENAME=$1"); }

# Kills all that a command lists. They are stopped first: what watches over a job could otherwise tell the controller how its job ended.
# Again until none is left, since one may have been starting another; what is dead but not yet waited for has no environment any more.
kill_listed() {
    local pids pid
    for _ in 1 2 3 4 5; do
        pids="$("$@")"
        [ -n "$pids" ] || return 0
        for pid in $pids; do kill -STOP "$pid" 2>/dev/null || true; done
        for pid in $pids; do kill -KILL "$pid" 2>/dev/null || true; done
        sleep 0.1
    done
    say "some processes outlive SIGKILL: $pids"
    return 1
}

of_node() {
    writers_of "$1.log"
    jobs_on "$1"
}

of_cluster() {
    local node
    for node in "${nodes[@]}"; do of_node "$node"; done
    writers_of slurmctld.err
    writers_of munged.err
}

# Waits until a command succeeds, at most for $1 seconds.
await() {
    local until=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$until" ] || return 1
        sleep 0.1
    done
}

# Different ports that nobody listens on now, below those that the kernel gives to clients.
free_ports() {
    local port
    for port in $(shuf -i 20000-29999 -n 100); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || printf '%s\n' "$port"
    done | head -n "$1"
}

configure() {
    local host me ports node
    host="$(hostname -s)"
    me="$(id -un)"
    mapfile -t ports < <(free_ports $((1 + ${#nodes[@]})))
    cat >"$dir/slurm.conf" <<END
ClusterName=mlgrade
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${ports[0]}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=$me
SlurmdUser=$me
StateSaveLocation=$dir/state
SlurmctldPidFile=$dir/slurmctld.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdPidFile=$dir/%n.pid
SlurmdLogFile=$dir/%n.log
SlurmdSpoolDir=$dir/spool/%n
# A requeued job waits for as long as a credential lives: 120 s unless told otherwise, and 5 s is the least.
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$dir/munge/socket,cred_expire=5
# A node that is gone is noticed within seconds, and what can run starts at once.
SlurmctldTimeout=10
SlurmdTimeout=4
MessageTimeout=3
TCPTimeout=2
KillWait=2
ReturnToService=2
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=0
# Each ended job is a line here: sacct needs a database.
JobCompType=jobcomp/filetxt
JobCompLoc=$dir/completed
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
# No cgroups: they belong to the machine.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
JobRequeue=0
PartitionName=test Nodes=ALL Default=YES MaxTime=60 DefaultTime=5
END
    for node in "${nodes[@]}"; do
        # More memory and processors than the machine has are fine: config_overrides.
        echo "NodeName=$node NodeHostname=$host NodeAddr=127.0.0.1 Port=${ports[${#ports[@]} - 1]} CPUs=2 RealMemory=4000"
        unset "ports[${#ports[@]} - 1]"
    done >>"$dir/slurm.conf"
}

# A daemon in a session of its own, so that a Ctrl-C in the terminal is the test's to handle.
launch() {
    local log="$1"
    shift
    setsid "$@" </dev/null >>"$log" 2>&1 &
}

start_node() {
    mkdir -p "$dir/spool/$1"
    launch "$dir/$1.err" slurmd -D -N "$1" -f "$SLURM_CONF"
    await 15 is_up "$1" || { say "$1 does not come up"; return 1; }
}

is_up() { sinfo --noheader --nodes="$1" --format=%T | grep -qxE 'idle|mixed|allocated'; }

start() {
    local command node
    for command in munged slurmctld slurmd sinfo setsid; do
        command -v "$command" >/dev/null || { say "$command is not installed"; return 1; }
    done
    mkdir -p "$dir/munge" "$dir/state" "$dir/spool"
    chmod 700 "$dir" "$dir/munge"
    head -c 1024 /dev/urandom >"$dir/munge/key"
    chmod 600 "$dir/munge/key"
    configure
    # --force: it would have the way to its socket open to everyone, but nobody else is to talk to it.
    launch "$dir/munged.err" munged --foreground --force --num-threads=2 --key-file="$dir/munge/key" --socket="$dir/munge/socket" \
        --pid-file="$dir/munge/pid" --seed-file="$dir/munge/seed" --log-file="$dir/munge/log"
    await 10 test -S "$dir/munge/socket" || { say "munged does not come up"; return 1; }
    launch "$dir/slurmctld.err" slurmctld -D -i -f "$SLURM_CONF"
    await 15 scontrol ping || { say "slurmctld does not come up"; return 1; }
    for node in "${nodes[@]}"; do start_node "$node"; done
}

# SIGKILL throughout: what is to be kept is elsewhere, and nothing of it may outlive a failed test.
stop() { kill_listed of_cluster; }

case "${1:-}:$#" in
start:2 | stop:2 | kill-node:3 | cut-node:3 | start-node:3) ;;
*)
    say "usage: ${0##*/} start|stop DIR, ${0##*/} kill-node|cut-node|start-node DIR n1|n2|n3"
    exit 2
    ;;
esac
mkdir -p "$2"
dir="$(cd -- "$2" && pwd -P)"
export SLURM_CONF="$dir/slurm.conf"
case "$1" in
start)
    trap stop EXIT
    start
    trap - EXIT
    ;;
stop) stop ;;
kill-node) kill_listed of_node "$3" ;;
cut-node) kill_listed writers_of "$3.log" ;;
start-node) start_node "$3" ;;
esac
