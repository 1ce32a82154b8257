/**
 * The program that runs a Python function, given to the interpreter by `-c`, so that it needs no file where it runs.
 * It works on every Python 3 since 3.6.
 *
 * Requests come as JSON lines on stdin, replies go as JSON lines to descriptor 3; stdout and stderr stay the function's.
 * The first line is the set-up. The function's environment is set here and not at the spawn, because programs that run
 * before it with more rights (unshare, mount) would obey variables such as LD_PRELOAD.
 * Every other descriptor is closed: the application's own parents may have left it some.
 * When stdin ends the sandbox is gone, and the whole process group goes with it, even in the middle of a call.
 *
 * RLIMIT_AS counts address space, so the limit is what the interpreter has at the start plus the function's memory.
 */
export const pythonBootstrap = String.raw`
import importlib, json, os, queue, resource, signal, sys, threading, time, traceback

os.dup2(0, 4, inheritable=False)
os.closerange(5, 65536)
inbox = os.fdopen(4, 'r', encoding='utf-8', newline='\n')
null = os.open(os.devnull, os.O_RDWR)
os.dup2(null, 0)
os.close(null)
os.set_inheritable(3, False)
outbox = os.fdopen(3, 'w', encoding='utf-8', newline='\n')

def reply(message):
    outbox.write(json.dumps(message) + '\n')
    outbox.flush()

setup = json.loads(inbox.readline())
calls = queue.Queue()

def listen():
    for line in inbox:
        calls.put(line)
    try:
        os.killpg(os.getpgrp(), signal.SIGKILL)
    finally:
        os._exit(0)

threading.Thread(target=listen, daemon=True).start()

os.umask(0o077)
os.chdir(setup['codeDir'])
os.environ.clear()
os.environ.update(setup['environment'])
time.tzset()
sys.path.insert(0, setup['codeDir'])
sys.argv = ['']
sys.dont_write_bytecode = True

def limit(kind, value):
    try:
        resource.setrlimit(kind, (value, value))
    except (ValueError, OSError) as error:
        print('limit %s is not set: %s' % (kind, error), file=sys.stderr)

MB = 1024 * 1024
limit(resource.RLIMIT_CORE, 0)
limit(resource.RLIMIT_FSIZE, setup['fileMb'] * MB)
limit(resource.RLIMIT_NOFILE, 1024)
limit(resource.RLIMIT_NPROC, setup['processes'])
try:
    with open('/proc/self/statm') as statm:
        base = int(statm.read().split()[0]) * resource.getpagesize()
except OSError:
    base = 128 * MB
limit(resource.RLIMIT_AS, base + setup['memoryMb'] * MB)

handler = None

def load():
    module, _, function = setup['handler'].rpartition('.')
    if not module:
        raise ValueError('handler %r is not of the form file.function' % setup['handler'])
    return getattr(importlib.import_module(module.replace('/', '.')), function)

def run(call):
    global handler
    if handler is None:
        try:
            handler = load()
        except Exception:
            return {'kind': 'loadError', 'message': traceback.format_exc(limit=-8)}
    try:
        value = json.dumps(handler(call['event'], call['context']), allow_nan=False)
    except Exception as error:
        if isinstance(error, MemoryError):
            raise
        return {'kind': 'userError', 'message': traceback.format_exc(limit=-8)}
    if len(value) > setup['answerMax']:
        return {'kind': 'answerTooLarge'}
    return {'kind': 'answer', 'json': value}

reply({'kind': 'ready'})
while True:
    line = calls.get()
    try:
        message = run(json.loads(line))
    except MemoryError:
        message = {'kind': 'memory'}
    except SystemExit as leaving:
        sys.stdout.flush()
        os._exit(leaving.code if isinstance(leaving.code, int) else 1)
    except BaseException:
        message = {'kind': 'userError', 'message': traceback.format_exc(limit=-8)}
    line = None
    reply(message)
`;
