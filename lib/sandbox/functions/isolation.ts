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
  /** Folder that the program needs beside the system's own; null when it lies in these. */
  readonly prefix: string | null;
};

/** Path for programs before and inside the jail. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Arguments: mount point, code folder, interpreter's folder or '', then the command for inside. */
const JAIL_SCRIPT = `
set -eu
umask 022
root=$1 code=$2 prefix=$3
shift 3
mount -t tmpfs -o mode=0755,size=600m,nosuid,nodev tmpfs "$root"
for dir in /usr /bin /sbin /lib /lib32 /lib64 /libx32 "$prefix"; do
  if [ -L "$dir" ]; then
    ln -s "$(readlink "$dir")" "$root$dir"
  elif [ -n "$dir" ] && [ -d "$dir" ]; then
    mkdir -p "$root$dir"
    mount --rbind "$dir" "$root$dir"
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

/** The command that runs `program` at a level; `asRoot` says who the application is, `uid` who the function shall be. */
export function isolatedCommand(
  isolation: Isolation,
  program: Program,
  folders: Folders,
  { asRoot, uid }: { asRoot: boolean; uid: number },
): Command {
  if (isolation !== 'jail') {
    return {
      file: program.file,
      args: program.args,
      uid: isolation === 'user' ? uid : null,
      codeDir: folders.code,
    };
  }
  const namespaces = ['--mount', '--pid', '--net', '--ipc', '--fork', '--kill-child'];
  const user = asRoot ? ['--reuid', String(uid), '--regid', String(uid), '--clear-groups'] : [];
  const rights = ['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--pdeathsig', 'KILL'];
  return {
    file: 'unshare',
    args: [
      ...(asRoot ? [] : ['--user', '--map-root-user']),
      ...namespaces,
      ...['sh', '-c', JAIL_SCRIPT, 'jail', folders.root, folders.code, program.prefix ?? ''],
      ...['setpriv', ...user, ...rights, program.file, ...program.args],
    ],
    uid: null,
    codeDir: '/code',
  };
}
