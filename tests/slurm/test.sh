#!/bin/bash
# What `mlgrade slurm` writes, on a real Slurm: a class is graded in six shards on three nodes. In the middle of it one node dies, another is
# cut off while its graders go on, and one shard's time is up; the merged reports are those of one machine. Then a shard is lost.
# Usage: test.sh PATH_TO_MLGRADE; under a minute. CLASS=FOLDER takes another class, KEEP=1 keeps the folder that it works in.
set -euo pipefail
unset CDPATH
here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)"
real="$(realpath -- "${1:?usage: ${0##*/} PATH_TO_MLGRADE}")"
class="${CLASS:-$here/../../submissions}"
rubric=cs441-hw2
shards=6
# Beyond this the test has failed, whatever it waits for.
deadline=$((SECONDS + 150))
# What `grade --shard` prints when it finds work of an earlier attempt.
goes_on='[1-9][0-9]* submissions? (is|are) graded already'
PATH="$PATH:/usr/sbin:/sbin"

say() { printf '%3d s  %s\n' "$SECONDS" "$*"; }
fail() {
    say "FAILED: $*"
    exit 1
}
# Waits until a command succeeds.
await() {
    local what="$1"
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || fail "$what: not within the time"
        sleep 0.1
    done
    say "$what"
}

for command in munged slurmctld slurmd sbatch; do
    command -v "$command" >/dev/null && continue
    say "installing Slurm, as $command is not here"
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends slurmctld slurmd slurm-client munge >/dev/null
    break
done

# A name that a script which forgets a quote, or Slurm, trips over.
work="$(mktemp -d "${TMPDIR:-/tmp}/mlgrade-slurm.XXXXXX")"
place="$work/ta's 100%a class"
cluster="$work/cluster"
reports="$place/reports"
logs="$reports/slurm/logs"
export SLURM_CONF="$cluster/slurm.conf"

finish() {
    local status=$? log
    # Whatever fails from here on, also as nobody reads any more what is said: what was started is ended.
    set +e
    trap - EXIT
    trap '' INT TERM PIPE
    if [ "$status" != 0 ]; then
        squeue --array 2>/dev/null || true
        sinfo 2>/dev/null || true
        for log in "$cluster"/slurmctld.log "$cluster"/n?.log "$cluster"/completed "$logs"/*.log "$work"/*.out; do
            [ -s "$log" ] || continue
            printf '\n==> %s\n' "$log"
            tail -n 25 "$log"
        done
    fi
    "$here/cluster.sh" stop "$cluster" || status=1
    if [ -n "${KEEP:-}" ]; then say "kept: $work"; else rm -rf "$work"; fi
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

mkdir -p "$place" "$work/gate" "$work/bin"
cp -r "$class" "$place/class"

# What stands where mlgrade is installed on the nodes. It halts each first grader in the middle of its work until gate/open-NODE is there:
# only so is it certain in what a node fails. Once gate/later is there, nobody is halted. gate/fail-K ends shard K as if the disk were full.
printf '#!/bin/bash\ngate=%q real=%q\n' "$work/gate" "$real" >"$work/bin/mlgrade"
cat >>"$work/bin/mlgrade" <<'END'
shard="${SLURM_ARRAY_TASK_ID:-}"
if [ "${1:-}" != grade ] || [ -z "$shard" ]; then exec "$real" "$@"; fi
if [ -e "$gate/fail-$shard" ]; then
    echo "error: no space left on device"
    exit 4
fi
if [ -e "$gate/later" ] || [ -n "${SLURM_RESTART_COUNT:-}" ]; then exec "$real" "$@"; fi
# In a session of its own: the kernel wakes up and ends a halted process whose group loses the one that watches over it.
setsid "$real" "$@" &
grader=$!
trap 'kill -TERM "$grader"; kill -CONT "$grader"' TERM
alive() { kill -0 "$grader" 2>/dev/null; }
# A first report is kept, but not all are.
begun() { python3 -c 'import glob, sqlite3, sys; sys.exit(not sqlite3.connect(glob.glob(sys.argv[1])[0]).execute("select 1 from student").fetchone())' \
    "shards/$shard-of-*/class.db" 2>/dev/null; }
until begun || ! alive; do sleep 0.02; done
if alive && kill -STOP "$grader"; then
    echo "$SLURMD_NODENAME" >"$gate/held-$shard"
    until [ -e "$gate/open-$SLURMD_NODENAME" ] || ! alive; do sleep 0.05; done
    kill -CONT "$grader" 2>/dev/null
else
    touch "$gate/done-$shard"
fi
wait "$grader"
END
chmod +x "$work/bin/mlgrade"
export MLGRADE="$work/bin/mlgrade"

ended_well() { [ "$1" = 0 ] || [ "$1" = 3 ]; }
status=0
"$real" grade "$place/class" --rubric "$rubric" --out "$work/plain" >"$work/plain.out" 2>&1 || status=$?
ended_well "$status" || fail "mlgrade grade ends with $status"
say "graded on one machine"

"$here/cluster.sh" start "$cluster"
say "Slurm $(sinfo --version | cut -d ' ' -f 2) runs with three nodes as $(id -un)"

"$real" slurm "$place/class" --rubric "$rubric" --shards "$shards" --out "$reports" --cpus 1 --memory 1G --time 00:10:00 >"$work/slurm.out"
if command -v shellcheck >/dev/null; then
    shellcheck "$reports"/slurm/submit.sh "$reports"/slurm/*.sbatch
    say "shellcheck has nothing to say about the scripts"
fi

# What ended, a line each, also when it goes back into the queue.
ended_tasks() { grep ' ArrayTaskId=' "$cluster/completed" || true; }
ended_merges() { grep -s -- '-merge ' "$cluster/completed" || true; }
tasks() { squeue --noheader --array --format=%K | grep -cE '^[0-9]+$' || true; }

# Two at once: one submits, the other one refuses or finds all of them in the queue.
"$reports/slurm/submit.sh" >"$work/submit-1.out" 2>&1 &
"$reports/slurm/submit.sh" >"$work/submit-2.out" 2>&1 || true
wait $! || true
[ "$(tasks)" = "$shards" ] || fail "two submit.sh at once: $(tasks) tasks instead of $shards"
[ "$(cat "$work"/submit-?.out | grep -c '^shards ')" = 1 ] || fail "two submit.sh at once: both submit"
[ "$(cat "$work"/submit-?.out | grep -c '^merge: ')" = 1 ] || fail "two submit.sh at once: not one merge"
array="$(cat "$work"/submit-?.out | sed -n 's/^shards 1,2,3,4,5,6: job //p')"
say "submitted by one of two submit.sh: $(cat "$work"/submit-?.out | grep -E '^(shards|merge)' | paste -sd ' ')"

held_on() { grep -lx "$1" "$work"/gate/held-* 2>/dev/null | sed 's/.*-//' | sort -n; }
all_begun() { [ "$(find "$work/gate" -name 'held-*' -o -name 'done-*' | wc -l)" = "$shards" ]; }
await "all shards are in the middle of their work" all_begun
touch "$work/gate/later"
mapfile -t killed < <(held_on n2)
mapfile -t cut_off < <(held_on n3)
timed_out="$(held_on n1 | head -n 1)"
for begun in "$timed_out" "${killed[*]}" "${cut_off[*]}"; do
    [ -n "$begun" ] || fail "a node has finished all its shards before they could be halted"
done

"$here/cluster.sh" kill-node "$cluster" n2
say "n2 is dead, with its slurmd and the graders of: ${killed[*]}"
"$here/cluster.sh" cut-node "$cluster" n3
say "n3 is cut off, and goes on grading: ${cut_off[*]}"
# As Slurm does shortly before the time is up.
scancel --batch --signal=USR1 "${array}_$timed_out"
say "shard $timed_out on n1 was told that its time is up"
touch "$work/gate/open-n1"
"$reports/slurm/submit.sh" >"$work/submit-3.out" 2>&1
! grep -E '^(shards|merge:)' "$work/submit-3.out" || fail "submit.sh starts something twice"
say "submit.sh again: $(head -n 1 "$work/submit-3.out")"

are_down() { [ "$(sinfo --noheader --nodes=n2,n3 --Node --format=%T | grep -c down)" = 2 ]; }
await "the controller has noticed that n2 and n3 are down" are_down
all_say() {
    local what="$1" shard
    shift
    for shard in "$@"; do grep -qE "$what" "$logs/shard-$shard.log" || return 1; done
}
await "the shards of n2 have started again on n1: ${killed[*]}" all_say 'attempt [2-9], on n1' "${killed[@]}"
await "those of n3, still being graded there, go back into the queue: ${cut_off[*]}" all_say 'goes back .*at work' "${cut_off[@]}"
touch "$work/gate/open-n3"
merged() { [ "$(ended_merges | wc -l)" = "$1" ]; }
await "the merge has ended" merged 1

# After the first of two runs as after the last: all shards, and the reports of one machine.
check() {
    local shard
    for shard in $(seq "$shards"); do
        [ -s "$reports/slurm/shards/$shard-of-$shards/class.db" ] || fail "shard $shard is not there"
    done
    [ -z "$("$real" merge "$reports/slurm/shards" --missing)" ] || fail "merge misses shards"
    ended_merges | tail -n 1 | grep -q ' JobState=COMPLETED ' || fail "the merge has failed"
    diff -r --exclude=class.db --exclude=slurm "$work/plain" "$reports" >"$work/diff.out" || fail "other reports than on one machine"
    say "all $shards shards are there, and the reports are those of one machine ($(find "$work/plain" -type f | wc -l) files)"
}
check
attempts() { grep -c ': job .*, attempt ' "$logs/shard-$1.log"; }
for shard in $(seq "$shards"); do
    case " ${cut_off[*]} / ${killed[*]} $timed_out / " in
    *" $shard "*/*/*) [ "$(attempts "$shard")" -ge 3 ] || fail "shard $shard: only $(attempts "$shard") attempts" ;;
    # More than two are right as well: until Slurm has noticed that a node is gone, it gives it work.
    *" $shard "*/*) [ "$(attempts "$shard")" -ge 2 ] || fail "shard $shard: only one attempt" ;;
    *) [ "$(attempts "$shard")" = 1 ] || fail "shard $shard: $(attempts "$shard") attempts instead of 1" ;;
    esac
done
all_say 'attempt 1, on n2' "${killed[@]}" || fail "a shard of n2 was not on n2"
all_say 'back into the queue: the time is up' "$timed_out" || fail "shard $timed_out was not told"
any_goes_on() {
    local shard
    for shard in "$@"; do ! grep -qE "$goes_on" "$logs/shard-$shard.log" || return 0; done
    return 1
}
any_goes_on "${killed[@]}" "$timed_out" || fail "no shard goes on where it was"
say "attempts, shard by shard: $(for shard in $(seq "$shards"); do attempts "$shard"; done | paste -sd ' '); they go on where they were"

# One shard is lost, and the next attempt at it fails. Whatever is in the reports then is new.
"$here/cluster.sh" start-node "$cluster" n2
say "n2 is back"
rm -r "$reports/slurm/shards/4-of-$shards"
find "$reports" -mindepth 1 -maxdepth 1 ! -name slurm -exec rm -r {} +
touch "$work/gate/fail-4"
before="$(ended_tasks | wc -l)"
"$reports/slurm/submit.sh" --nodelist=n2 >"$work/submit-4.out" 2>&1
grep -q '^shards 4: job ' "$work/submit-4.out" || fail "not shard 4 alone is submitted"
await "shard 4 was deleted and submitted again, alone, to n2; the merge behind it has ended" merged 2
ended_tasks | tail -n 1 | grep -q ' JobState=FAILED .* NodeList=n2 .* ArrayTaskId=4 ' || fail "shard 4 has not failed on n2"
ended_merges | tail -n 1 | grep -q ' JobState=FAILED ' || fail "the merge does not refuse an incomplete class"
[ ! -e "$reports/grades.csv" ] || fail "reports of an incomplete class"
say "with the disk full shard 4 fails, and the merge refuses: $(grep -v "$rubric" "$logs/merge.log" | tail -n 2 | head -n 1)"

rm "$work/gate/fail-4"
"$reports/slurm/submit.sh" >"$work/submit-5.out" 2>&1
grep -q '^shards 4: job ' "$work/submit-5.out" || fail "not shard 4 alone is submitted"
await "shard 4 was submitted once more; the merge behind it has ended" merged 3
[ "$(ended_tasks | wc -l)" = $((before + 2)) ] || fail "$(($(ended_tasks | wc -l) - before)) tasks have run instead of 2"
check
say "passed"
