import { execFile } from 'node:child_process';
import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Runtime } from './launcher';

/**
 * The program that runs a Python function. It works on every Python 3 since 3.6, and implements the protocol of
 * `function-protocol.ts` over descriptor 3. Interpreter-specific code precedes it: `data_kb()` and `peak()` measure in
 * KB, `limit_memory(mb)` limits the function to that much more than is used now, and `use_time_zone()` follows the
 * variable TZ.
 */
export const pythonProgram = String.raw`
import importlib, json, os, sys, time, traceback

os.dup2(1, 4, inheritable=False)
inbox = os.fdopen(3, 'rb', closefd=False)
outbox = os.fdopen(3, 'wb', closefd=False)

def reply(message, json_line=None):
    outbox.write(json.dumps(message).encode() + b'\n')
    if json_line is not None:
        outbox.write(json_line.encode() + b'\n')
    outbox.flush()

setup = json.loads(inbox.readline().decode())
mark = setup['mark'].encode()

os.umask(0o077)
os.chdir(setup['codeDir'])
os.environ.clear()
os.environ.update(setup['environment'])
use_time_zone()
sys.path.insert(0, setup['codeDir'])
sys.argv = ['']
sys.dont_write_bytecode = True
limit_memory(setup['memoryMb'])

def write_mark():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
    for descriptor in (4, 1, 2):
        try:
            os.write(descriptor, mark)
            return True
        except OSError:
            pass
    return False

ours = ('<string>', importlib.import_module.__code__.co_filename)

def without_ours(shown):
    kept = [frame for frame in shown.stack if frame.filename not in ours and not frame.filename.startswith('<frozen')]
    shown.stack = traceback.StackSummary.from_list(kept[-8:])
    for other in (shown.__cause__, shown.__context__):
        if other is not None:
            without_ours(other)

def explain(error):
    shown = traceback.TracebackException.from_exception(error)
    without_ours(shown)
    text = ''.join(shown.format())
    return text if len(text) <= 8000 else '[...]\n' + text[-8000:]

def user_error(error):
    return {'kind': 'userError', 'message': explain(error), 'ends': False, 'peakKb': peak()}

def load():
    module, _, function = setup['handler'].rpartition('.')
    if not module:
        raise ValueError('handler %r is not of the form file.function' % setup['handler'])
    return getattr(importlib.import_module(module.replace('/', '.')), function)

def leave(error):
    write_mark()
    os._exit(error.code if isinstance(error.code, int) else 0 if error.code is None else 1)

def guarded(work):
    try:
        message, line = work()
    except MemoryError:
        message, line = {'kind': 'memory', 'peakKb': peak()}, None
    except SystemExit as error:
        leave(error)
    except BaseException as error:
        message, line = user_error(error), None
    message['marked'] = write_mark()
    reply(message, line)

handler = None

def first():
    global handler
    handler = load()
    return {'kind': 'loaded'}, None

def run(line):
    call = json.loads(line.decode())
    value = json.dumps(handler(call['event'], call['context']), allow_nan=False)
    if len(value) > setup['answerMax']:
        return {'kind': 'answerTooLarge', 'peakKb': peak()}, None
    return {'kind': 'answer', 'peakKb': peak()}, value

reply({'kind': 'ready', 'dataKb': data_kb()})
inbox.readline()
guarded(first)
while True:
    line = inbox.readline()
    if not line:
        os._exit(0)
    guarded(lambda: run(line))
`;

/**
 * The bootstrap for a Python of this machine, which gets the program by `-c`, so that it needs no file where it runs.
 *
 * stdout and stderr stay the function's. The program sets its environment itself, not the spawn, because programs that
 * run before it with more rights (unshare, mount) would obey variables such as LD_PRELOAD. Every other descriptor is
 * closed: the application's own parents may have left it some.
 *
 * RLIMIT_AS counts address space, so the limit is what the interpreter has at the start plus the function's memory.
 */
const pythonBootstrap = `
import os, resource, sys, time

os.closerange(4, 65536)
os.set_inheritable(3, False)

KB = 1024
def kilobytes(name):
    try:
        with open('/proc/self/status', 'rb') as file:
            text = file.read()
    except OSError:
        return None
    at = text.find(name)
    return int(text[at + len(name):].split(None, 1)[0]) if at >= 0 else None

def data_kb():
    return kilobytes(b'VmData:')

def peak():
    known = kilobytes(b'VmHWM:')
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if known is None else known

def limit_memory(mb):
    base = kilobytes(b'VmSize:') or 128 * KB
    try:
        most = (base + mb * KB) * KB
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (ValueError, OSError) as error:
        print('the limit of memory is not set: %s' % error, file=sys.stderr)

use_time_zone = time.tzset
${pythonProgram}`;

const run = promisify(execFile);
const Facts = z.object({ executable: z.string(), prefix: z.string(), version: z.string() });
const ASK =
  'import json, sys; print(json.dumps({"executable": sys.executable, "prefix": sys.base_prefix, "version": "%d.%d.%d" % sys.version_info[:3]}))';

/**
 * Returns every usable `python3` on the PATH, in its order. Launchers of version managers are resolved to the
 * interpreter behind them, because only that can run elsewhere.
 */
export async function findPythons(path: string): Promise<Runtime[]> {
  const found = new Map<string, Runtime>();
  for (const folder of path.split(delimiter).filter((part) => part !== '')) {
    const python = await ask(join(folder, 'python3'));
    if (python !== null && !found.has(python.file)) found.set(python.file, python);
  }
  return [...found.values()];
}

/** Returns null for a file that doesn't exist or isn't a working Python 3. */
async function ask(file: string): Promise<Runtime | null> {
  try {
    await access(file, constants.X_OK);
    const { stdout } = await run(file, ['-I', '-c', ASK], { timeout: 10_000 });
    const facts = Facts.parse(JSON.parse(stdout));
    const executable = await realpath(facts.executable);
    const prefix = await realpath(facts.prefix);
    const system = prefix === '/usr' || prefix.startsWith('/usr/') || prefix === '/';
    return {
      file: executable,
      args: () => ['-I', '-u', '-c', pythonBootstrap],
      needs: system ? [] : [prefix],
      version: facts.version,
      memory: 'itself',
    };
  } catch {
    return null;
  }
}
