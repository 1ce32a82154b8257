import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zipSeedFiles } from '../seeds/parts';
import { createFunctionRuntime } from './runtime';
import type { FunctionCode } from './runtimes/invocation';
import { findPythons } from './runtimes/python-runtime';

const log = pino({ level: 'silent' });

const code = (source: string, parts: Partial<FunctionCode> = {}): FunctionCode => ({
  uin: '100000000001',
  appId: 1250000001,
  region: 'ap-singapore',
  namespace: 'default',
  name: 'fn',
  version: '$LATEST',
  zip: zipSeedFiles({ 'index.py': source }),
  handler: 'index.main_handler',
  runtime: 'Python3.6',
  memoryMb: 128,
  timeoutS: 5,
  initTimeoutS: 20,
  environment: {},
  ...parts,
});

/** Both, if this machine has a Python. */
const hasNative = (await findPythons(process.env.PATH ?? '')).length > 0;
const pythons = hasNative ? (['native', 'pyodide'] as const) : (['pyodide'] as const);

describe.each(pythons)('functions in Python (%s)', (python) => {
  const runtime = createFunctionRuntime({ log, python });
  beforeAll(async () => {
    expect(await runtime.facts).toMatchObject({ pyodide: python === 'pyodide', python: expect.any(String) });
  });
  afterAll(() => runtime.stop());
  const run = async (source: string, parts: Partial<FunctionCode> = {}, event: unknown = {}) =>
    (await runtime.invoke(code(source, parts), event, 'req-1')).result;

  it("runs the handler with event, context and environment; its prints don't break the protocol", async () => {
    const source = `
import os, sys
print('loading')
def main_handler(event, context):
    print('hello'); sys.stderr.write('oops'); os.write(1, b'raw\\n')
    return [event, context['request_id'], context['memory_limit_in_mb'], os.environ['COLOUR'], os.environ['SCF_FUNCTIONNAME']]
`;
    expect(await run(source, { name: 'echo', environment: { COLOUR: 'blue' } }, { a: ['é'] })).toMatchObject({
      kind: 'answer',
      value: [{ a: ['é'] }, 'req-1', 128, 'blue', 'echo'],
    });
  });

  it('keeps a warm process, and replaces it when the code changes', async () => {
    const counter = (start: number) => `
calls = ${start}
def main_handler(event, context):
    global calls
    calls += 1
    return calls
`;
    const first = code(counter(0), { name: 'warm' });
    const values = [];
    for (const one of [first, first, code(counter(100), { name: 'warm' }), first]) {
      values.push(await runtime.invoke(one, {}, 'r'));
    }
    expect(values.map(({ result }) => result.kind === 'answer' && result.value)).toEqual([1, 2, 101, 1]);
  });

  it('runs concurrent calls in separate processes, up to the limit, and serves all', async () => {
    const source = `
import os
def main_handler(event, context):
    open('/tmp/' + str(event), 'w').close()
    return os.listdir('/tmp')
`;
    const results = await Promise.all(Array.from({ length: 12 }, (_, n) => run(source, { name: 'many' }, n)));
    expect(results.map((result) => result.kind)).toEqual(Array.from({ length: 12 }, () => 'answer'));
  });

  const mishaps = {
    'an exception': ['raise ValueError("no stock")', 'userError'],
    'an answer that is no JSON': ['return {1, 2}', 'userError'],
    'an endless loop': ['while True: pass', 'timeout'],
    'too much memory': ['return len(bytearray(500 * 1024 * 1024))', 'memory'],
    'an exit': ['os._exit(3)', 'exited'],
    'sys.exit': ['sys.exit(3)', 'exited'],
    'a huge answer': ['return "x" * (7 * 1024 * 1024)', 'answerTooLarge'],
    'noise on the channel': ['os.write(3, b"x\\n"); return 1', 'exited'],
  } as const;
  /** One function for all: the same code has to serve the next call. */
  const mishapSource = [
    'import os, sys',
    'def main_handler(event, context):',
    ...Object.entries(mishaps).map(([what, [line]]) => `    if event == '${what}':\n        ${line}`),
    '    return 1',
  ].join('\n');

  it.each(Object.entries(mishaps))('reports how %s ended, and runs the next call', async (what, [, kind]) => {
    const parts = { name: 'bad', timeoutS: kind === 'timeout' ? 1 : 5, memoryMb: 256 };
    expect((await run(mishapSource, parts, what)).kind).toBe(kind);
    expect(await run(mishapSource, parts, 'nothing')).toMatchObject({ kind: 'answer', value: 1 });
  });

  it.each([
    ['code that does not load', 'import nothing_of_that_name'],
    ['a missing handler', 'x = 1'],
  ])('reports how %s ended, and runs the next call', async (_what, source) => {
    expect((await run(source, { name: 'unusable' })).kind).toBe('userError');
    const fine = await run('def main_handler(event, context):\n    return 1', { name: 'unusable' });
    expect(fine).toMatchObject({ kind: 'answer', value: 1 });
  });

  it('reports an error with its location: the lines of the code, and the message last', async () => {
    const result = await run('import os\ndef main_handler(event, context)\n    return 1', { name: 'typo' });
    if (result.kind !== 'userError') expect.fail(result.kind);
    expect(result.message).toMatch(/^ {2}File "[^"]*index.py", line 2\n/);
    expect(result.message).toMatch(/\nSyntaxError: .*\n$/);
    const deep = await run(
      'def f(n):\n    return f(n + 1) if n < 100 else {}["stock"]\ndef main_handler(event, context):\n    return f(0)',
      { name: 'deep' },
    );
    if (deep.kind !== 'userError') expect.fail(deep.kind);
    expect(deep.message).toMatch(/\nKeyError: 'stock'\n$/);
    expect(deep.message.length).toBeLessThan(1000);
  });

  it('kills the child processes of a timed-out function; Pyodide starts none', async () => {
    const source = `
import subprocess
def main_handler(event, context):
    subprocess.run(['sleep', '1000'])
`;
    const kind = python === 'native' ? 'timeout' : 'userError';
    expect((await run(source, { name: 'parent', timeoutS: 1 })).kind).toBe(kind);
  });

  it('runs coroutines and follows the time zone', async () => {
    const source = `
import asyncio, time
async def later(value):
    await asyncio.sleep(0.01)
    return value
async def both():
    return await asyncio.gather(later(1), asyncio.wait_for(later(2), 5))
def main_handler(event, context):
    return [asyncio.run(both()), time.localtime(0).tm_hour]
`;
    expect(await run(source, { name: 'async', environment: { TZ: 'Asia/Jakarta' } })).toMatchObject({
      value: [[1, 2], 7],
    });
  });

  it('gives each process its own random numbers', async () => {
    const source = 'import random\ndef main_handler(event, context):\n    return random.random()';
    const both = await Promise.all(['a', 'b'].map((name) => run(source, { name: `random-${name}` })));
    const values = both.map((result) => (result.kind === 'answer' ? result.value : result));
    expect(values[0]).toEqual(expect.any(Number));
    expect(values[1]).not.toEqual(values[0]);
  });

  it('limits incremental allocations to the memory of the function', async () => {
    const source = `
def main_handler(event, context):
    kept = []
    while True:
        kept.append(bytearray(1024 * 1024))
`;
    expect((await run(source, { name: 'pieces' })).kind).toBe('memory');
  });

  it('refuses a large event, an invalid zip, a zip that leaves its folder, an unsupported runtime', async () => {
    const big = await run('def main_handler(event, context):\n    return 1', {}, 'x'.repeat(7 * 1024 * 1024));
    expect(big.kind).toBe('eventTooLarge');
    expect(await run('', { zip: 'bm8gemlw' })).toMatchObject({ kind: 'userError' });
    expect(await run('', { zip: zipSeedFiles({ '../../escaped.py': 'x' }) })).toMatchObject({
      kind: 'userError',
      message: expect.stringContaining('outside of its folder'),
    });
    expect(await run('', { runtime: 'Go1' })).toMatchObject({ kind: 'noRuntime' });
  });

  it('responds although the code has closed its output', async () => {
    const source = (closed: string) =>
      `import os\ndef main_handler(event, context):\n    print('before', flush=True)\n    ${closed}\n    return 1`;
    for (const closed of ['os.close(1); os.close(2)', 'os.close(1); os.close(2); os.close(4)']) {
      const invocation = await runtime.invoke(code(source(closed), { name: 'closes' }), {}, 'r');
      expect(invocation).toMatchObject({ result: { kind: 'answer', value: 1 }, log: 'before\n' });
    }
  });
});

describe('processes of functions', () => {
  it('serve functions in turn when there is capacity for one process', async () => {
    const small = createFunctionRuntime({ log, total: 1 });
    const source = 'def main_handler(event, context):\n    return event';
    const calls = ['a', 'b', 'c', 'a', 'b', 'c'].map((name) =>
      small.invoke(code(source, { name }), name, 'r'),
    );
    const values = (await Promise.all(calls)).map(({ result }) => result.kind === 'answer' && result.value);
    expect(values).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
    await small.stop();
  });

  it('refuse calls beyond the queue', async () => {
    const small = createFunctionRuntime({ log, perFunction: 1, queue: 1 });
    const source = 'import time\ndef main_handler(event, context):\n    return 1';
    const results = await Promise.all([1, 2, 3, 4].map(() => small.invoke(code(source), {}, 'r')));
    expect(results.filter(({ result }) => result.kind === 'throttled').length).toBeGreaterThan(0);
    await small.stop();
  });

  it('run without a jail only if that is allowed, and the error names what to do', async () => {
    const source = 'def main_handler(event, context):\n    return 1';
    const unjailed = createFunctionRuntime({ log, jailOnly: true, isolations: ['user', 'weak'] });
    expect(await unjailed.facts).toMatchObject({
      jailOnly: true,
      isolation: expect.not.stringMatching('jail'),
    });
    const { result } = await unjailed.invoke(code(source), {}, 'r');
    const message = expect.stringMatching(/keys of real accounts.*SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS=allow/);
    expect(result).toEqual({ kind: 'noRuntime', message });
    expect(await unjailed.problem('Nodejs18.15')).toEqual(message);
    await unjailed.stop();
    const jailed = createFunctionRuntime({ log, jailOnly: true });
    const usual = (await jailed.facts).isolation;
    const answer = await jailed.invoke(code(source), {}, 'r');
    expect(answer.result.kind).toBe(usual === 'jail' ? 'answer' : 'noRuntime');
    await jailed.stop();
  });
});

describe('a machine without python3', () => {
  it('runs Python functions on Pyodide, with the same isolation as all others, and without access to JavaScript', async () => {
    const runtime = createFunctionRuntime({ log, path: '/nonexistent' });
    const { isolation, ...facts } = await runtime.facts;
    expect(facts).toMatchObject({ pyodide: true, python: expect.stringContaining('Pyodide') });
    const others = createFunctionRuntime({ log, path: '/nonexistent', python: 'native' });
    expect((await others.facts).isolation).toBe(isolation);
    await others.stop();
    const source = `
def has(name):
    try:
        __import__(name)
        return True
    except ImportError:
        return False
def main_handler(event, context):
    return [has(name) for name in ('json', 'js', 'pyodide', 'pyodide_js', '_pyodide')]
`;
    const { result } = await runtime.invoke(code(source), {}, 'r');
    expect(result).toMatchObject({ value: [true, false, false, false, false] });
    await runtime.stop();
  });

  it('reports clearly when nothing runs Python', async () => {
    const none = createFunctionRuntime({ log, path: '/nonexistent', python: 'native' });
    expect(await none.facts).toMatchObject({ python: null, pyodide: false });
    expect((await none.invoke(code(''), {}, 'r')).result).toMatchObject({
      kind: 'noRuntime',
      message: expect.stringContaining('python3'),
    });
    await none.stop();
  });
});
