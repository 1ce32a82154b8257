import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createFunctionRuntime } from '@/lib/sandbox/functions/runtime';
import { zipSeedFiles } from '@/lib/sandbox/seeds/parts';
import { findFilterLoader } from './filter-loader';
import type { Isolation } from './isolation';
import { systemCallFilter } from './system-call-filter';

const run = promisify(execFile);

/** Returns the kernel's result of each call: 0 or the error number. The numbers are those of x64 and arm64. */
const attempts = `
import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
x64 = platform.machine() == 'x86_64'
def attempt(number, *arguments):
    ctypes.set_errno(0)
    return ctypes.get_errno() if libc.syscall(number if isinstance(number, int) else number[0 if x64 else 1], *arguments) < 0 else 0
def attempts():
    return {
        'io_uring_setup': attempt(425, 1, ctypes.create_string_buffer(256)),
        'keyctl': attempt((250, 219), 0, -3, 1),
        'add_key': attempt((248, 217), b'user', b'spillway', b'x', 1, -2),
        'userfaultfd': attempt((323, 282), 1),
        'bpf': attempt((321, 280), 0, 0, 0),
        'perf_event_open': attempt((298, 241), 0, 0, 0, 0, 0),
        'ptrace': attempt((101, 117), 0, 0, 0, 0),
        'unshare': attempt((272, 97), 0x10000000),
        'clone a user namespace': attempt((56, 220), 0x10000000 | 17, 0, 0, 0, 0),
        'memfd_create': attempt((319, 279), b'x', 0),
        'a socket of AF_VSOCK': attempt((41, 198), 40, 1, 0),
        'a socket of AF_ALG': attempt((41, 198), 38, 5, 0),
        'a socket of AF_UNIX': attempt((41, 198), 1, 1, 0),
        'a socket of AF_INET6': attempt((41, 198), 10, 1, 0),
        'getpid': attempt((39, 172)),
    }
`;
const [forbidden, missing, noFamily] = [1, 38, 97];
const expected = {
  io_uring_setup: missing,
  keyctl: forbidden,
  add_key: forbidden,
  userfaultfd: forbidden,
  bpf: forbidden,
  perf_event_open: forbidden,
  ptrace: forbidden,
  unshare: forbidden,
  'clone a user namespace': forbidden,
  memfd_create: missing,
  'a socket of AF_VSOCK': noFamily,
  'a socket of AF_ALG': noFamily,
  'a socket of AF_UNIX': 0,
  'a socket of AF_INET6': 0,
  getpid: 0,
};

const code = {
  uin: '1',
  appId: 1,
  region: 'r',
  namespace: 'default',
  name: 'calls',
  version: '1',
  handler: 'index.main_handler',
  memoryMb: 256,
  timeoutS: 20,
  initTimeoutS: 20,
  environment: {},
};
const python = {
  ...code,
  runtime: 'Python3.9',
  zip: zipSeedFiles({ 'index.py': `${attempts}\ndef main_handler(event, context):\n    return attempts()` }),
};
const node = {
  ...code,
  runtime: 'Nodejs18.15',
  zip: zipSeedFiles({
    'index.js': `exports.main_handler = () => /^Seccomp:\\s*(\\d)/m.exec(require('fs').readFileSync('/proc/self/status', 'utf8'))[1]`,
  }),
};

describe('the system call filter', () => {
  it.each(['jail', 'user', 'weak'] satisfies Isolation[])(
    'denies functions the system calls that they do not need, or the runtime reports that none are denied (%s)',
    async (isolation) => {
      const runtime = createFunctionRuntime({
        log: pino({ level: 'silent' }),
        isolations: [isolation, 'weak'],
      });
      const { systemCalls } = await runtime.facts;
      const results = [await runtime.invoke(python, {}, 'r'), await runtime.invoke(node, {}, 'r')];
      await runtime.stop();
      expect(systemCalls).toBe((await findFilterLoader()) === null ? 'open' : 'filtered');
      if (systemCalls === 'open') return;
      expect(results.map(({ result }) => result)).toMatchObject([{ value: expected }, { value: '2' }]);
    },
  );

  it.each(['setpriv', 'perl', 'python3'] as const)(
    'is loaded by %s on systems that support it',
    async (name) => {
      const loader = await findFilterLoader([name]);
      if (loader === null) {
        // Only old versions of setpriv, and systems without the others, can't.
        await expect(
          run(name, name === 'setpriv' ? ['--seccomp-filter', '/dev/null', 'true'] : ['--version']),
        ).rejects.toThrow();
        return;
      }
      const folder = await mkdtemp(join(tmpdir(), 'spillway-filter-test-'));
      const file = join(folder, 'filter');
      await writeFile(file, loader.filter);
      const [program = '', ...args] = loader.command(file);
      const inner = ['python3', '-c', `${attempts}\nimport json\nprint(json.dumps(attempts()))`];
      const { stdout } = await run(program, [...args, ...inner]);
      await rm(folder, { recursive: true });
      expect(JSON.parse(stdout)).toEqual(expected);
    },
  );
});

/*
 * The filter of an architecture that this machine is not, run by an interpreter of the kernel's instructions. The
 * numbers are those of libseccomp (`scmp_sys_resolver -a aarch64 bpf`), not copies of the filter's own.
 */
const architectures = {
  x64: {
    audit: 0xc000_003e,
    forbidden: [
      101, 103, 154, 155, 159, 163, 164, 165, 166, 167, 168, 169, 172, 173, 175, 176, 179, 227, 246, 248, 249,
      250, 272, 298, 300, 303, 304, 305, 308, 310, 311, 312, 313, 320, 321, 323, 428, 429, 430, 431, 432, 433,
      438, 442, 443, 467,
    ],
    missing: [29, 64, 68, 319, 425, 426, 427, 435, 447],
    socket: 41,
    setsockopt: 54,
    clone: 56,
  },
  arm64: {
    audit: 0xc000_00b7,
    forbidden: [
      39, 40, 41, 60, 89, 97, 104, 105, 106, 112, 116, 117, 142, 170, 171, 217, 218, 219, 224, 225, 241, 262,
      264, 265, 266, 268, 270, 271, 272, 273, 280, 282, 294, 428, 429, 430, 431, 432, 433, 438, 442, 443, 467,
    ],
    missing: [186, 190, 194, 279, 425, 426, 427, 435, 447],
    socket: 198,
    setsockopt: 208,
    clone: 220,
  },
} as const;
/** Above the newest number of Linux 6.17. */
const numbersMax = 600;

/** The fields of `struct seccomp_data` that the filter reads: https://man7.org/linux/man-pages/man2/seccomp.2.html */
type SystemCall = { readonly audit: number; readonly number: number; readonly given?: readonly number[] };

/**
 * Runs a filter as the kernel does: https://www.kernel.org/doc/html/latest/networking/filter.html
 * @returns the error number, or null if the call is allowed
 */
function runFilter(filter: Buffer, { audit, number, given = [] }: SystemCall): number | null {
  const [first = 0, second = 0, third = 0] = given;
  const data: Readonly<Record<number, number>> = { 0: number, 4: audit, 16: first, 24: second, 32: third };
  let accumulator = 0;
  for (let at = 0; at < filter.length; at += 8) {
    const value = filter.readUInt32LE(at + 4);
    const jump = (holds: boolean) => {
      at += filter.readUInt8(at + (holds ? 2 : 3)) * 8;
    };
    switch (filter.readUInt16LE(at)) {
      case 0x20:
        accumulator = data[value] ?? expect.fail(`there is nothing at ${value}`);
        break;
      case 0x15:
        jump(accumulator === value);
        break;
      case 0x35:
        jump(accumulator >= value);
        break;
      case 0x45:
        // The result of & has a sign in JavaScript.
        jump((accumulator & value) !== 0);
        break;
      case 0x06:
        if (value === 0x7fff_0000) return null;
        // SECCOMP_RET_ERRNO
        expect(value >>> 16).toBe(5);
        return value & 0xffff;
      default:
        expect.fail(`an unknown instruction at ${at / 8}`);
    }
  }
  return expect.fail('the filter has no end');
}

describe.each(Object.entries(architectures))('the filter of %s', (name, { audit, ...calls }) => {
  const filter = systemCallFilter(name) ?? Buffer.alloc(0);
  const run = (number: number, ...given: number[]) => runFilter(filter, { audit, number, given });

  it('denies exactly the listed system calls', () => {
    const denied = (errno: number) =>
      Array.from({ length: numbersMax }, (_, number) => number).filter((number) => run(number) === errno);
    expect(denied(forbidden)).toEqual([...calls.forbidden]);
    expect(denied(missing)).toEqual([...calls.missing]);
    // A family of 0.
    expect(denied(noFamily)).toEqual([calls.socket]);
  });

  it('allows sockets of four families only', () => {
    const allowed = Array.from({ length: 64 }, (_, family) => family).filter(
      (family) => run(calls.socket, family) === null,
    );
    // AF_UNIX, AF_INET, AF_INET6, AF_NETLINK
    expect(allowed).toEqual([1, 2, 10, 16]);
  });

  it('ignores sizes of socket buffers, and no other option', () => {
    const ignored = (level: number) =>
      Array.from({ length: 80 }, (_, option) => option).filter(
        (option) => run(calls.setsockopt, 3, level, option) === 0,
      );
    // SO_SNDBUF, SO_RCVBUF, SO_SNDBUFFORCE, SO_RCVBUFFORCE of SOL_SOCKET
    expect(ignored(1)).toEqual([7, 8, 32, 33]);
    // IPPROTO_TCP
    expect(ignored(6)).toEqual([]);
  });

  it.each([
    ['a process', 17, null],
    ['a thread of the C library', 0x003d_0f00, null],
    ['a user namespace', 0x1000_0000 | 17, forbidden],
    ['a mount namespace', 0x0002_0000, forbidden],
    ['a cgroup namespace', 0x0200_0000, forbidden],
    ['a network namespace', 0x4000_0000, forbidden],
  ])('clones %s or not', (_what, flags, errno) => {
    expect(run(calls.clone, flags)).toBe(errno);
  });

  it('denies every call of another architecture, whose numbers differ', () => {
    const others = [...Object.values(architectures).map((each) => each.audit), 0x4000_0003, 0x4000_0028];
    for (const other of others.filter((each) => each !== audit))
      expect(runFilter(filter, { audit: other, number: calls.socket, given: [1] })).toBe(forbidden);
    // x32, the third set of numbers of x86, where 0x4000_0000 is `read`.
    if (name === 'x64') expect(run(0x4000_0000)).toBe(missing);
  });

  it('has as many instructions as the kernel accepts', () => {
    // BPF_MAXINSNS
    expect(filter.length / 8).toBeLessThanOrEqual(4096);
    expect(filter.length % 8).toBe(0);
  });
});

it('has no filter for an architecture whose numbers it does not have', () => {
  expect(systemCallFilter('riscv64')).toBeNull();
});
