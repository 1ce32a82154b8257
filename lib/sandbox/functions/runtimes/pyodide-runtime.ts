import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { PREFIX } from '@/lib/sandbox/functions/jail/folders';
import type { Runtime } from './launcher';
import { thisNode } from './node-runtime';
import { pythonProgram } from './python-runtime';

/**
 * The code that runs before the Python program on Pyodide. A function must not find what the cloud's Python does not
 * have: the modules that lead into JavaScript. asyncio gets a loop that waits by sleeping, because Pyodide's own needs
 * the JavaScript event loop, which is blocked while the program runs; sockets need it, too, and fail as in a jail.
 * Random values in the snapshot are generated again.
 */
const prelude = `
import asyncio, errno, os, random, socket, sys, time

data_kb, peak, limit_memory, set_time_zone, pid, ppid = _host
del _host
os.getpid = lambda: pid
os.getppid = lambda: ppid

def use_time_zone():
    set_time_zone(os.environ.get('TZ', 'UTC'))

class _SleepingSelector:
    def select(self, timeout):
        time.sleep(86400 if timeout is None else timeout)
        return ()

class _SleepingLoop(asyncio.BaseEventLoop):
    def __init__(self):
        super().__init__()
        self._selector = _SleepingSelector()
    def _process_events(self, events):
        pass
    def _write_to_self(self):
        pass

time.sleep = time.sleep.__wrapped__
asyncio.run = asyncio.runners.run
asyncio._set_running_loop(None)
asyncio.new_event_loop = asyncio.events.new_event_loop = _SleepingLoop
asyncio.set_event_loop(_SleepingLoop())

def _unreachable(*_):
    raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))

socket.socket.bind = socket.socket.connect = socket.socket.connect_ex = _unreachable
sys.meta_path[:] = [finder for finder in sys.meta_path if not type(finder).__module__.startswith('_pyodide')]
for name in ('js', 'pyodide', 'pyodide_js', '_pyodide', '_pyodide_core'):
    sys.modules[name] = None
random.seed()
sys.executable = ''
`;

/**
 * Loads Pyodide only with files of its folder. `folder` and `snapshot` are absolute; without a snapshot it starts from
 * scratch.
 */
const load = `
'use strict';
const fs = require('node:fs');
const loadPyodide = (folder, options) =>
  require(folder + '/pyodide.js').loadPyodide({
    indexURL: folder,
    // Each print is a write: what a function printed before it was killed is there.
    env: { PYTHONUNBUFFERED: '1', HOME: '/tmp' },
    ...options,
  });
`;

/**
 * The program that writes a snapshot of Pyodide just after its start; starting from the snapshot saves seconds of
 * computation. Arguments: Pyodide's folder, the file to write.
 */
const pyodideSnapshotProgram = `
${load}
const [, folder, file] = process.argv;
loadPyodide(folder, { _makeSnapshot: true }).then((pyodide) => {
  pyodide.runPython('import asyncio, importlib, json, os, random, sys, time, traceback');
  const python = pyodide.runPython('"%d.%d.%d" % sys.version_info[:3]');
  fs.writeFileSync(file, pyodide.makeMemorySnapshot());
  process.stdout.write(JSON.stringify({ python, pyodide: pyodide.version }));
});
`;

/**
 * The program that runs a Python function on Pyodide, passed to node by `-e`. Arguments: Pyodide's folder, the
 * snapshot. It is the same program as for every Python: descriptor 3 is the channel, and the files are those of the
 * process, except /dev and /lib, which are Pyodide's. It blocks while it waits for a call.
 *
 * Its memory is one WebAssembly memory, which only grows; the limit is its size at the start plus the function's
 * memory. The kernel limits what Node uses beside it.
 */
const pyodideBootstrap = String.raw`
${load}
const { readSync, writeSync } = fs;
const [, folder, snapshot] = process.argv;
process.argv = [process.execPath];
process.execArgv = [];

function mountFiles({ FS }) {
  const { NODEFS } = FS.filesystems;
  const { open } = NODEFS.stream_ops;
  // Emscripten keeps the descriptor of a file that could not be opened.
  NODEFS.stream_ops.open = (stream) => {
    try {
      open(stream);
    } catch (error) {
      FS.closeStream(stream.fd);
      throw error;
    }
  };
  for (const { name } of fs.readdirSync('/', { withFileTypes: true })) {
    if (name === 'dev' || name.startsWith('lib')) continue;
    try {
      const root = fs.realpathSync('/' + name);
      if (!fs.statSync(root).isDirectory()) continue;
      FS.mkdirTree('/' + name);
      FS.mount(NODEFS, { root }, '/' + name);
    } catch (error) {
      // Not for this user: the function does not find it.
      if (error?.code !== 'EACCES' && error?.code !== 'EPERM' && error?.code !== 'ENOENT') throw error;
    }
  }
}

function openChannel({ FS }) {
  const EIO = 29;
  const on3 = (action) => (_stream, buffer, offset, length) => {
    try {
      return action(3, buffer, offset, length);
    } catch {
      throw new FS.ErrnoError(EIO);
    }
  };
  const device = FS.makedev(64, 0);
  FS.registerDevice(device, { read: on3(readSync), write: on3(writeSync) });
  FS.mkdev('/dev/channel', device);
  if (FS.open('/dev/channel', 'r+').fd !== 3) throw new Error('descriptor 3 is taken');
  FS.unlink('/dev/channel');
}

function measures({ _module }) {
  const size = () => _module.HEAPU8.length;
  const { grow } = WebAssembly.Memory.prototype;
  return [
    function dataKb() {
      try {
        return parseInt(/VmData:\s*(\d+)/.exec(fs.readFileSync('/proc/self/status', 'latin1'))[1], 10);
      } catch {
        return undefined;
      }
    },
    function peakKb() {
      return size() / 1024;
    },
    function limitMemory(mb) {
      const most = size() + mb * 1024 * 1024;
      WebAssembly.Memory.prototype.grow = function (pages) {
        if (this.buffer.byteLength + pages * 65536 > most) throw new RangeError('the memory of the function is used up');
        return grow.call(this, pages);
      };
    },
    function setTimeZone(zone) {
      process.env.TZ = zone;
    },
    process.pid,
    process.ppid,
  ];
}

loadPyodide(folder, { _loadSnapshot: fs.readFileSync(snapshot) })
  .then((pyodide) => {
    mountFiles(pyodide);
    openChannel(pyodide);
    const host = pyodide.toPy(measures(pyodide));
    pyodide.globals.set('_host', host);
    pyodide.runPython(${JSON.stringify(prelude + pythonProgram)}, { filename: '<string>' });
  })
  .catch((error) => {
    if (typeof error?.status === 'number') process.exit(error.status);
    writeSync(2, String(error?.stack ?? error) + '\n');
    process.exit(1);
  });
`;

const run = promisify(execFile);
const Versions = z.object({ python: z.string(), pyodide: z.string() });
/** The files of the package that Pyodide loads when it starts. */
const FILES = [
  'pyodide.js',
  'pyodide.asm.mjs',
  'pyodide.asm.wasm',
  'python_stdlib.zip',
  'pyodide-lock.json',
] as const;
const SNAPSHOT_TIMEOUT_MS = 120_000;

/**
 * Prepares Pyodide (https://pyodide.org) as the Python of machines without one: its files from the package `pyodide` in
 * a separate folder, which every user of functions may read, and beside them a snapshot, so that a function starts in a
 * fraction of the seconds that Pyodide needs for its first start. Nothing is downloaded.
 * @returns the runtime, and a function that removes its files
 * @throws Error when this Node does not run Pyodide
 */
export async function preparePyodide(): Promise<{ runtime: Runtime; remove(): Promise<void> }> {
  const node = thisNode();
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-pyodide-`));
  const remove = () => rm(folder, { recursive: true, force: true });
  const snapshot = join(folder, 'snapshot');
  try {
    await chmod(folder, 0o755);
    const source = dirname(createRequire(import.meta.url).resolve('pyodide'));
    for (const name of FILES) {
      await copyFile(join(source, name), join(folder, name));
      await chmod(join(folder, name), 0o644);
    }
    const { stdout } = await run(
      node.file,
      [...FLAGS, '-e', pyodideSnapshotProgram, folder, snapshot],
      // A snapshot that functions read must contain nothing of this process's environment.
      { env: { NODE_ENV: 'production' }, timeout: SNAPSHOT_TIMEOUT_MS },
    );
    await chmod(snapshot, 0o644);
    const { python, pyodide } = Versions.parse(JSON.parse(stdout));
    const runtime: Runtime = {
      file: node.file,
      args: () => [...FLAGS, '-e', pyodideBootstrap, folder, snapshot],
      needs: [...node.needs, folder],
      version: `${python} on Pyodide ${pyodide}`,
      memory: 'kernel',
      ownMb: OWN_MB,
    };
    return { runtime, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** One thread to compile and collect: a function has one processor. */
const FLAGS = ['--v8-pool-size=1', '--no-warnings'];

/** The memory that V8 uses beside Python's own while it compiles hot code; measured: 60 MB. */
const OWN_MB = 256;
