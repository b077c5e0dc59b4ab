#!/bin/bash
# Submits the shards that are missing and are not in the queue yet, and behind them the job that merges all shards into the reports.
# It can be run at any time and as often as wanted: no shard is started twice. `mlgrade slurm` wrote this file and writes it anew.
# What is put behind it goes to sbatch for the shards, such as `submit.sh --exclude=node17`.
set -euo pipefail
unset CDPATH
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"

program="${MLGRADE:-}"
[ -n "$program" ] || program={{program}}
job={{job}}
shards={{shards}}
at_once={{at_once}}

fail() {
    printf '%s\n' "$*" >&2
    exit 2
}

# What the controller says is in the queue holds only until somebody submits: one submit.sh at a time. A folder is the lock, as not every
# shared file system has others, and on each only one can make a folder.
mkdir -p shards logs
if ! mkdir submit.lock 2>/dev/null; then
    [ -d submit.lock ] || fail "$PWD cannot be written"
    fail "another submit.sh is at work here; if none is, one was killed: rmdir $(printf %q "$PWD/submit.lock")"
fi
trap 'rmdir submit.lock' EXIT

# Missing is what is not complete, so also what is being graded: that is in the queue, whoever submitted it.
missing="$("$program" merge shards --missing --of "$shards")"
[[ "$missing" =~ ^[0-9,-]*$ ]] || fail "$program merge --missing says: $missing"
# A line a task: the task's number and its array's.
queue="$(squeue --noheader --array --name="$job" --format='%K %F')"
queued="$(awk '{ print $1 }' <<<"$queue" | sort -n | tr '\n' ' ')"
wanted=
for range in ${missing//,/ }; do
    for shard in $(seq "${range%-*}" "${range#*-}"); do
        case " $queued " in *" $shard "*) ;; *) wanted="$wanted,$shard" ;; esac
    done
done
wanted="${wanted#,}"

# Slurm replaces %a and the like in the names of folders too, and a task whose log cannot be opened fails without a word.
logs="${PWD//%/%%}/logs"
# The arrays that the merge waits for.
arrays="$(awk '{ print $2 }' <<<"$queue" | sort -u | tr '\n' ' ')"
if [ -n "$wanted" ]; then
    most="$(scontrol show config | awk '$1 == "MaxArraySize" { print $3 - 1 }' || true)"
    [ "$shards" -le "${most:-$shards}" ] || fail "this cluster numbers the tasks of an array up to $most: \`mlgrade slurm --shards $most\` or fewer"
    # It answers with the number, or with number;cluster.
    array="$(sbatch --parsable --array="$wanted$at_once" --output="$logs/shard-%a.log" "$@" array.sbatch)"
    array="${array%%;*}"
    printf 'shards %s: job %s\n' "$wanted" "$array"
    arrays="$arrays $array"
fi
[ -z "$queue" ] || printf 'in the queue already: shards %s\n' "$queued"

if [ -z "$wanted" ] && [ -n "$(squeue --noheader --name="$job-merge" --format=%A)" ]; then
    echo "the merge is in the queue already"
else
    # One that waits does not know of the shards just submitted.
    scancel --state=PENDING --name="$job-merge" --user="$(id -un)"
    # Whatever becomes of the shards: merge refuses an incomplete class and says in its log which shards are missing. A merge that waited
    # for success would wait for ever after a failure, or vanish without a word. Two merges never run at once: singleton.
    dependency=singleton
    for array in $arrays; do dependency="$dependency,afterany:$array"; done
    merge="$(sbatch --parsable --dependency="$dependency" --output="$logs/merge.log" merge.sbatch)"
    printf 'merge: job %s\n' "${merge%%;*}"
fi
printf 'how far it is: squeue --name=%s,%s-merge\nlogs: %s/logs\nreports: %s\n' "$job" "$job" "$PWD" {{reports}}
