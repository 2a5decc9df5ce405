import { hash, randomInt } from "node:crypto";
import { type Bind, limitOptions, temporaryBytes } from "#lib/mcp/stdio/confinement.ts";

// A fixed text: every value comes in as a positional parameter. /sys only serves as a place to build the new root on, in a mount
// namespace of its own. The new root is moved over / before chroot, so that nothing of the old one is left to climb to.
const script = `
uid=$1 tmp=$2; shift 2
mount --make-rprivate /
mount -t tmpfs -o mode=0755,size=1m,nosuid,nodev sandbox /sys
while [ "$1" != -- ]; do
  mode=$1 from=$2 to=/sys$3; shift 3
  if [ -d "$from" ]; then mkdir -p "$to"; else mkdir -p "\${to%/*}"; : > "$to"; fi
  if [ "$mode" = write ]; then chown -RhP "$uid:$uid" "$from"; fi
  mount --bind "$from" "$to"
  case $mode in
    read) mount -o remount,bind,ro,nosuid,nodev "$to" ;;
    write) mount -o remount,bind,nosuid,nodev,noexec "$to" ;;
  esac
done
shift
mkdir /sys/tmp /sys/proc
mount -t tmpfs -o "mode=1777,size=$tmp,nosuid,nodev" sandbox /sys/tmp
mount -t proc -o nosuid,nodev,noexec sandbox /sys/proc
mount -o remount,ro,nosuid,nodev /sys
hostname sandbox
cd /sys
mount --move . /
exec chroot . "$@"
`;

const firstUid = 61_184;
const uids = 4_000;

/**
 * Arguments of setpriv(1) that end in a program under a user id of its own, in namespaces of its own (for root only).
 * Each process has another id, so that one server's limits are never another's; those that write the same folders share theirs.
 */
export function unshareArguments(binds: readonly Bind[], program: readonly string[]): string[] {
  const uid = `${ownUid(binds)}`;
  return [
    ...["--pdeathsig", "KILL", "--"],
    ...["unshare", "--mount", "--pid", "--fork", "--kill-child=SIGKILL", "--ipc", "--uts", "--net", "--cgroup", "--"],
    ...["/bin/sh", "-eu", "-c", script, "sandbox", uid, `${temporaryBytes}`],
    ...binds.flatMap(({ mode, host, inside }) => [mode, host, inside]),
    "--",
    ...["/runtime/setpriv", "--reuid", uid, "--regid", uid, "--clear-groups", "--no-new-privs"],
    ...["--bounding-set=-all", "--inh-caps=-all", "--pdeathsig", "KILL", "--"],
    ...["/runtime/prlimit", ...limitOptions, "--"],
    ...program,
  ];
}

function ownUid(binds: readonly Bind[]): number {
  const folders = binds.filter(({ mode }) => mode === "write").map(({ host }) => host);
  if (folders.length === 0) return firstUid + randomInt(uids);
  return firstUid + (Number.parseInt(hash("sha256", JSON.stringify(folders), "hex").slice(0, 8), 16) % uids);
}
