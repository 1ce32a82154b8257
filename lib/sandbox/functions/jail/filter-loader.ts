import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type FilterLoader, SYSTEM_PATH } from './isolation';
import { systemCallFilter } from './system-call-filter';

const run = promisify(execFile);

/**
 * The system call number of prctl: https://github.com/torvalds/linux/blob/v6.12/arch/x86/entry/syscalls/syscall_64.tbl
 * and …/include/uapi/asm-generic/unistd.h
 */
const PRCTL = process.arch === 'arm64' ? 167 : 157;

/**
 * PR_SET_NO_NEW_PRIVS, then PR_SET_SECCOMP with SECCOMP_MODE_FILTER and { length, pointer }:
 * https://man7.org/linux/man-pages/man2/prctl.2.html
 */
const PERL = `
my ($file, @command) = @ARGV;
open(my $in, "<:raw", $file) or die "$file: $!";
my $filter = do { local $/; <$in> };
close($in);
my $program = pack("S x![P] P", length($filter) / 8, $filter);
syscall(${PRCTL}, 38, 1, 0, 0, 0) == 0 or die "no_new_privs: $!";
syscall(${PRCTL}, 22, 2, $program, 0, 0) == 0 or die "seccomp: $!";
exec({ $command[0] } @command) or die "$command[0]: $!";
`;

/** The same program in Python. */
const PYTHON = `
import ctypes, os, struct, sys
filter = open(sys.argv[1], 'rb').read()
buffer = ctypes.create_string_buffer(filter, len(filter))
program = ctypes.create_string_buffer(struct.pack('HP', len(filter) // 8, ctypes.addressof(buffer)))
prctl = ctypes.CDLL(None, use_errno=True).prctl
for arguments in ((38, 1, 0, 0, 0), (22, 2, program, 0, 0)):
    if prctl(*arguments) != 0:
        sys.exit('the filter is not set: ' + os.strerror(ctypes.get_errno()))
os.execvp(sys.argv[2], sys.argv[2:])
`;

const LOADERS = {
  setpriv: (file: string) => ['setpriv', '--no-new-privs', '--seccomp-filter', file],
  perl: (file: string) => ['perl', '-e', PERL, '--', file],
  python3: (file: string) => ['python3', '-I', '-S', '-c', PYTHON, file],
} as const;

/** setpriv (util-linux 2.40 and later) needs no additional process; perl starts faster than Python. */
const ORDER: readonly FilterLoader['name'][] = ['setpriv', 'perl', 'python3'];

/**
 * Tests which program of this system can load the filter; null when none can: another architecture or system, or none
 * of these programs.
 * @param names those to try
 */
export async function findFilterLoader(names = ORDER): Promise<FilterLoader | null> {
  const filter = process.platform === 'linux' ? systemCallFilter(process.arch) : null;
  if (filter === null) return null;
  const folder = await mkdtemp(join(tmpdir(), 'spillway-filter-'));
  try {
    const file = join(folder, 'filter');
    await writeFile(file, filter);
    for (const name of names) {
      if (await loads(LOADERS[name](file))) return { name, filter, command: LOADERS[name] };
    }
    return null;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * Returns true if the command loads the filter. 2 is SECCOMP_MODE_FILTER; the number of filters distinguishes ours from
 * a container's: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
async function loads(command: readonly string[]): Promise<boolean> {
  const [file = '', ...args] = command;
  const count = async (program: string, its: readonly string[]) => {
    const options = { timeout: 10_000, env: { PATH: SYSTEM_PATH, NODE_ENV: 'production' as const } };
    const { stdout } = await run(program, [...its, '/proc/self/status'], options);
    return [/^Seccomp:\s*(\d)/m, /^Seccomp_filters:\s*(\d+)/m].map((line) =>
      Number(line.exec(stdout)?.[1] ?? 0),
    );
  };
  try {
    const [[, before = 0], [mode, after = 0]] = await Promise.all([
      count('cat', []),
      count(file, [...args, 'cat']),
    ]);
    return mode === 2 && (after > before || after === 0);
  } catch {
    return false;
  }
}
