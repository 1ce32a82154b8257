import type { Folders } from './folders';

/**
 * The levels of isolation of function code from the application, strongest first.
 * - `jail`: Linux namespaces created by util-linux (unshare, mount, setpriv). Its own file tree, in memory and
 * read-only except a private /tmp, which contains the system's programs, the interpreter and the code; its own
 * processes, so that /proc shows no others and the kernel ends them all together; a network without any interface, so
 * that no port of the app can be reached; no capability. As root, the code also runs under its own numeric user. Costs
 * 40 ms per start.
 * - `user`: root where namespaces are forbidden (many containers): its own numeric user, the machine's network.
 * - `weak`: the user of the application. The page and the log say so.
 */
export type Isolation = 'jail' | 'user' | 'weak';

/** Numeric ids of a user that runs only functions; `group` is shared by all functions of this sandbox. */
export type FunctionUser = { readonly uid: number; readonly group: number };

/**
 * The command that starts a program at one level. `user` is null when the program is started as the application's own
 * user.
 */
export type Command = {
  readonly file: string;
  readonly args: readonly string[];
  readonly user: FunctionUser | null;
  /** The code folder from the program's point of view. */
  readonly codeDir: string;
};

export type Program = {
  /** The absolute, resolved path. */
  readonly file: string;
  readonly args: readonly string[];
  /** Files and folders that the program must be able to read, beside the system's own. */
  readonly needs: readonly string[];
};

/**
 * The kernel's limits for the program and, separately, for each process that it starts. Memory is private writable
 * memory, in KB; null = no limit.
 */
export type KernelLimits = {
  readonly memoryKb: number | null;
  readonly fileMb: number;
  /** Counted per user who runs it: only for one that runs nothing else. */
  readonly processes: number | null;
};

/** The PATH of programs before and inside the jail. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The code folder in the jail, the same as in SCF (https://www.tencentcloud.com/document/product/583/11060 and the
 * paths in its error messages).
 */
const CODE_DIR = '/var/user';

/** The path of the system call filter in the jail, for its loader. */
const JAILED_FILTER = '/etc/filter';

/** Folders that the jail creates itself, so that nothing of the machine can replace them. */
const OWN_FOLDERS = ['/dev', '/etc', '/proc', '/tmp', CODE_DIR];
/** Folders that also can't contain an interpreter: those of the kernel and of the code. */
const CLOSED_FOLDERS = ['/proc', CODE_DIR];

/** Returns why the jail can't mount a program at its path; null: it can. */
export function placeProblem({ needs }: Pick<Program, 'needs'>): string | null {
  const inside = (path: string, folder: string) => `${path}/`.startsWith(folder === '/' ? '/' : `${folder}/`);
  for (const each of needs) {
    const clash =
      OWN_FOLDERS.find((own) => inside(own, each)) ?? CLOSED_FOLDERS.find((own) => inside(each, own));
    if (clash === undefined) continue;
    return `functions have a ${clash} of their own, so the interpreter's ${each} can't be shown to them: install it elsewhere, such as below /opt`;
  }
  return null;
}

/**
 * Builds the jail's tree and enters it. Arguments: mount point, code folder, the file of the system call filter, the
 * number of other needed paths, these paths, then the command.
 *
 * A bind mount is as writable as its source, and a program of the app's own user may write to that user's files: an
 * interpreter changed by a function would run outside the jail at the next start. Therefore every mount, including
 * those below a bound folder, becomes read-only without set-uid programs and devices. Newer versions of mount do that
 * in one call (https://man7.org/linux/man-pages/man8/mount.8.html, "recursive"); the loop at the end checks each mount
 * and changes the remaining ones. It keeps the options that a user namespace may not remove (noexec and those of
 * atime). Needed paths are mounted last, so that they can be in a folder that the jail creates itself, such as /tmp.
 */
const JAIL_SCRIPT = `
set -eu
umask 022
root=$1 code=$2 filter=$3 needs=$4
shift 4
mount -t tmpfs -o mode=0755,size=600m,nosuid,nodev tmpfs "$root"
mkdir -p "$root${CODE_DIR}" "$root/dev" "$root/etc" "$root/proc" "$root/tmp"
cp -r "$code/." "$root${CODE_DIR}"
if [ -r /etc/ld.so.cache ]; then cp /etc/ld.so.cache "$root/etc"; fi
if [ -r "$filter" ]; then cp "$filter" "$root${JAILED_FILTER}"; fi
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -t tmpfs -o mode=1777,size=512m,nr_inodes=64k,nosuid,nodev tmpfs "$root/tmp"
attach() {
  mount --rbind -o "ro=recursive,nosuid=recursive,$2" "$1" "$root$1" 2> /dev/null || mount --rbind "$1" "$root$1"
}
for device in null zero random urandom; do
  : > "$root/dev/$device"
  attach "/dev/$device" noexec=recursive
done
provide() {
  if [ -L "$1" ]; then
    ln -s "$(readlink "$1")" "$root$1"
  elif [ -d "$1" ]; then
    mkdir -p "$root$1"
    attach "$1" nodev=recursive
  elif [ -f "$1" ]; then
    mkdir -p "$root$(dirname "$1")"
    : > "$root$1"
    attach "$1" nodev=recursive
  fi
}
for each in /usr /bin /sbin /lib /lib32 /lib64 /libx32; do provide "$each"; done
while [ "$needs" -gt 0 ]; do
  provide "$1"
  shift
  needs=$((needs - 1))
done
while read -r _ _ _ _ point options _; do
  keep=
  for option in noexec noatime nodiratime relatime; do
    case ",$options," in *",$option,"*) keep="$keep,$option" ;; esac
  done
  case "$point" in *\\\\*) point=$(printf '%b' "$point") ;; esac
  case "$point" in
    "$root/proc" | "$root/tmp") continue ;;
    "$root/dev/null" | "$root/dev/zero" | "$root/dev/random" | "$root/dev/urandom") want=ro,nosuid ;;
    "$root" | "$root/"*) want=ro,nosuid,nodev ;;
    *) continue ;;
  esac
  case "$options" in "$want" | "$want",*) ;; *) mount -o "remount,bind,$want$keep" "$point" ;; esac
done < /proc/self/mountinfo
cd "$root"
exec chroot "$root" "$@"
`;

/**
 * Sets the limits, merges both outputs into one and closes the input, then becomes the program. Arguments: memory in
 * KB, size of a file in blocks of 512 bytes, processes ('' = no limit), then the program. RLIMIT_DATA limits memory:
 * unlike RLIMIT_AS it does not count what an interpreter only reserves, and buffers outside its heap can't escape it
 * (https://man7.org/linux/man-pages/man2/getrlimit.2.html). Shells name the limit of processes differently: -u is
 * bash's and zsh's, -p that of dash and busybox.
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
 * Wraps all of it: waits for a line of input, which arrives when all external preparation is done; then a shell waits
 * for the sandbox to close the program's input, which also happens when the sandbox dies, and then kills the process
 * group, even while the code is busy. Arguments: the command.
 */
const LIFELINE = `
read -r _
exec 4<&0
( exec 1>&- 2>&- 3>&-; read -r _ <&4; kill -KILL 0 ) &
exec 4<&-
exec "$@"
`;

/**
 * Returns the command that runs `program` at a level; `asRoot` says whether the application runs as root, `user` is the
 * user of the function, `loader` denies it system calls (null: nothing here can).
 */
export function isolatedCommand(
  isolation: Isolation,
  program: Program,
  limits: KernelLimits,
  folders: Folders,
  { asRoot, user, loader }: { asRoot: boolean; user: FunctionUser; loader: FilterLoader | null },
): Command {
  const { memoryKb, fileMb, processes } = limits;
  const numbers = [memoryKb ?? '', fileMb * 2048, processes ?? ''].map(String);
  const filtered = loader?.command(isolation === 'jail' ? JAILED_FILTER : folders.filter) ?? [];
  const start = [...filtered, '/bin/sh', '-c', LIMITS, 'start', ...numbers, program.file, ...program.args];
  const alive = (command: readonly string[]) => ({
    file: '/bin/sh',
    args: ['-c', LIFELINE, 'lifeline', ...command],
  });
  if (isolation !== 'jail') {
    return { ...alive(start), user: isolation === 'user' ? user : null, codeDir: folders.code };
  }
  const namespaces = ['--mount', '--pid', '--net', '--ipc', '--fork', '--kill-child'];
  const become = asRoot ? ['--reuid', String(user.uid), '--regid', String(user.uid), '--clear-groups'] : [];
  const rights = ['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--pdeathsig', 'KILL'];
  const jail = [
    ...['unshare', ...(asRoot ? [] : ['--user', '--map-root-user']), ...namespaces],
    ...['sh', '-c', JAIL_SCRIPT, 'jail', folders.root, folders.code, folders.filter],
    ...[String(program.needs.length), ...program.needs],
    ...['setpriv', ...become, ...rights, ...start],
  ];
  return { ...alive(jail), user: null, codeDir: CODE_DIR };
}

/**
 * A system program that applies a seccomp filter to itself and then becomes another program, which can't remove it.
 * Node has no call for that.
 */
export type FilterLoader = {
  readonly name: 'setpriv' | 'perl' | 'python3';
  /** The filter itself, for the file that the loader reads. */
  readonly filter: Buffer;
  /** Returns the prefix of the program and its arguments; `file` is the filter's path for the loader. */
  command(file: string): readonly string[];
};
