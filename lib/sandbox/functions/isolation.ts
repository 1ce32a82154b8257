import type { Folders } from './folders';

/**
 * How function code is kept away from the application, strongest first.
 * - `jail`: Linux namespaces made by util-linux (unshare, mount, setpriv). Its own file tree, in memory and read-only
 *   but for a private /tmp, that holds the system's programs, the interpreter and the code; its own processes, so that
 *   /proc shows no others and the kernel ends them all together; a network without any interface, so that no port of
 *   the app can be reached; no capability. As root the code also runs under a numeric user of its own. Costs 40 ms a start.
 * - `user`: root where namespaces are forbidden (many containers): a numeric user of its own, the machine's network.
 * - `weak`: the user of the application. The page and the log say so.
 */
export type Isolation = 'jail' | 'user' | 'weak';

/** How to start a program at one level. `uid` is null when the user stays. */
export type Command = {
  readonly file: string;
  readonly args: readonly string[];
  readonly uid: number | null;
  /** Where the program finds the code. */
  readonly codeDir: string;
};

export type Program = {
  /** Absolute, resolved. */
  readonly file: string;
  readonly args: readonly string[];
  /** File or folder that the program needs beside the system's own; null when it lies in these. */
  readonly needs: string | null;
};

/** What the kernel holds the program to, each process that it starts by itself. Memory is what it may write to and doesn't share, in KB; null = no limit. */
export type KernelLimits = {
  readonly memoryKb: number | null;
  readonly fileMb: number;
  /** Of the user who runs it: only for one that runs nothing else. */
  readonly processes: number | null;
};

/** Path for programs before and inside the jail. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Arguments: mount point, code folder, what else is needed or '', then the command for inside. */
const JAIL_SCRIPT = `
set -eu
umask 022
root=$1 code=$2 needs=$3
shift 3
mount -t tmpfs -o mode=0755,size=600m,nosuid,nodev tmpfs "$root"
for dir in /usr /bin /sbin /lib /lib32 /lib64 /libx32 "$needs"; do
  if [ -L "$dir" ]; then
    ln -s "$(readlink "$dir")" "$root$dir"
  elif [ -n "$dir" ] && [ -d "$dir" ]; then
    mkdir -p "$root$dir"
    mount --rbind "$dir" "$root$dir"
  elif [ -n "$dir" ] && [ -f "$dir" ]; then
    mkdir -p "$root$(dirname "$dir")"
    : > "$root$dir"
    mount --bind "$dir" "$root$dir"
  fi
done
mkdir "$root/code" "$root/dev" "$root/etc" "$root/proc" "$root/tmp"
cp -r "$code/." "$root/code"
if [ -r /etc/ld.so.cache ]; then cp /etc/ld.so.cache "$root/etc"; fi
for device in null zero random urandom; do
  : > "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -t tmpfs -o mode=1777,size=512m,nosuid,nodev tmpfs "$root/tmp"
mount -o remount,bind,ro,nosuid,nodev "$root"
cd "$root"
exec chroot "$root" "$@"
`;

/**
 * Sets the limits, makes one output of two and takes the input away, then becomes the program. Arguments: memory in KB,
 * size of a file in blocks of 512 bytes, processes ('' = no limit), then the program.
 * RLIMIT_DATA is what holds memory: unlike RLIMIT_AS it does not count what an interpreter only reserves, and buffers
 * outside of its heap can't escape it (https://man7.org/linux/man-pages/man2/getrlimit.2.html). Shells name the limit
 * of processes differently: -u is bash's and zsh's, -p that of dash and busybox.
 */
const LIMITS = `
ulimit -c 0 || :
ulimit -n 1024 || :
if [ -n "$1" ]; then ulimit -d "$1"; fi
ulimit -f "$2"
if [ -n "$3" ]; then ulimit -u "$3" 2> /dev/null || ulimit -p "$3"; fi
shift 3
exec "$@" < /dev/null 2>&1
`;

/**
 * Around all of it: a shell waits for the sandbox to close the program's input, which it also does by dying, and ends the
 * process group then, even while the code never rests. Arguments: the command.
 */
const LIFELINE = `
exec 4<&0
( exec 1>&- 2>&- 3>&-; read -r _ <&4; kill -KILL 0 ) &
exec 4<&-
exec "$@"
`;

/** The command that runs `program` at a level; `asRoot` says who the application is, `uid` who the function shall be. */
export function isolatedCommand(
  isolation: Isolation,
  program: Program,
  limits: KernelLimits,
  folders: Folders,
  { asRoot, uid }: { asRoot: boolean; uid: number },
): Command {
  const { memoryKb, fileMb, processes } = limits;
  const numbers = [memoryKb ?? '', fileMb * 2048, processes ?? ''].map(String);
  const start = ['/bin/sh', '-c', LIMITS, 'start', ...numbers, program.file, ...program.args];
  const alive = (command: readonly string[]) => ({
    file: '/bin/sh',
    args: ['-c', LIFELINE, 'lifeline', ...command],
  });
  if (isolation !== 'jail') {
    return { ...alive(start), uid: isolation === 'user' ? uid : null, codeDir: folders.code };
  }
  const namespaces = ['--mount', '--pid', '--net', '--ipc', '--fork', '--kill-child'];
  const user = asRoot ? ['--reuid', String(uid), '--regid', String(uid), '--clear-groups'] : [];
  const rights = ['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--pdeathsig', 'KILL'];
  const jail = [
    ...['unshare', ...(asRoot ? [] : ['--user', '--map-root-user']), ...namespaces],
    ...['sh', '-c', JAIL_SCRIPT, 'jail', folders.root, folders.code, program.needs ?? ''],
    ...['setpriv', ...user, ...rights, ...start],
  ];
  return { ...alive(jail), uid: null, codeDir: '/code' };
}
