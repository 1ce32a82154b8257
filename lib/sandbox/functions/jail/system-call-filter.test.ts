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

describe('the system call filter', { timeout: 60_000 }, () => {
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

  it('exists for the architectures whose system call numbers it has', () => {
    for (const architecture of ['x64', 'arm64']) {
      const filter = systemCallFilter(architecture);
      // The kernel accepts up to 4096 instructions of 8 bytes (BPF_MAXINSNS).
      expect((filter?.length ?? 0) / 8).toBeGreaterThan(50);
      expect((filter?.length ?? 1) % 8).toBe(0);
    }
    expect(systemCallFilter('riscv64')).toBeNull();
  });
});
