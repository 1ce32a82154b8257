import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { zipSeedFiles } from '../seeds/parts';
import { createFunctionRuntime } from './runtime';
import type { FunctionCode } from './runtimes/invocation';

const runtime = createFunctionRuntime({ log: pino({ level: 'silent' }) });
afterAll(() => runtime.stop());

const code = (files: Record<string, string>, parts: Partial<FunctionCode> = {}): FunctionCode => ({
  uin: '100000000001',
  appId: 1250000001,
  region: 'ap-singapore',
  namespace: 'default',
  name: 'fn',
  version: '$LATEST',
  handler: 'index.main_handler',
  runtime: 'Nodejs18.15',
  memoryMb: 128,
  timeoutS: 5,
  initTimeoutS: 20,
  environment: {},
  zip: zipSeedFiles(files),
  ...parts,
});
const run = (source: string, parts: Partial<FunctionCode> = {}, event: unknown = {}) =>
  runtime.invoke(code({ 'index.js': source }, parts), event, 'req-1');
const runFunction = async (name: string, files: Record<string, string>) => {
  const { result } = await runtime.invoke(code(files, { name }), {}, 'req-1');
  return result.kind === 'answer' ? result.value : result;
};

describe('the Node.js runtime', () => {
  it('passes event, context and environment to the handler', async () => {
    const source = `
exports.main_handler = async (event, context) => [
  event, context.request_id, context.memory_limit_in_mb, context.tencentcloud_appid,
  context.getRemainingTimeInMillis() > 4000, process.env.COLOUR, process.env.SCF_FUNCTIONNAME,
];`;
    const { result } = await run(source, { name: 'echo', environment: { COLOUR: 'blue' } }, { a: ['é'] });
    expect(result).toMatchObject({
      kind: 'answer',
      value: [{ a: ['é'] }, 'req-1', 128, '1250000001', true, 'blue', 'echo'],
    });
  });

  it.concurrent.each([
    ['async', { 'index.js': 'exports.main_handler = async () => 1' }],
    ['that returns at once', { 'index.js': 'exports.main_handler = () => 1' }],
    [
      'with a callback',
      { 'index.js': 'exports.main_handler = (e, c, done) => { setImmediate(done, null, 1) }' },
    ],
    ['of an ES module', { 'index.mjs': 'export const main_handler = async () => 1' }],
    [
      'of a package that says it has ES modules',
      {
        'package.json': '{"type":"module"}',
        'index.js': 'import one from "./one.js"; export const main_handler = () => one',
        'one.js': 'export default 1',
      },
    ],
    [
      'that waits while it loads',
      { 'index.mjs': 'const one = await Promise.resolve(1); export const main_handler = () => one' },
    ],
    [
      'that requires its own files',
      {
        'index.js': 'const one = require("./lib/one"); exports.main_handler = () => one',
        'lib/one.js': 'module.exports = 1',
      },
    ],
  ] satisfies [string, Record<string, string>][])('runs a handler %s', async (what, files) => {
    expect(await runFunction(what, files)).toBe(1);
  });

  it.concurrent.each([
    ['a rejection', 'exports.main_handler = async () => { throw new Error("no stock") }', 'no stock'],
    ['an exception', 'exports.main_handler = () => { throw new Error("no stock") }', 'no stock'],
    [
      'an error for the callback',
      'exports.main_handler = (e, c, done) => { done(new Error("no stock")) }',
      'no stock',
    ],
    [
      'an exception out of nowhere',
      'exports.main_handler = () => new Promise(() => { setTimeout(() => { throw new Error("no stock") }) })',
      'no stock',
    ],
    [
      'a rejection out of nowhere',
      'exports.main_handler = () => new Promise(() => { Promise.reject(new Error("no stock")) })',
      'no stock',
    ],
    ['code with a mistake', 'exports.main_handler = () => {', 'SyntaxError: Unexpected end of input'],
    [
      'code that is not there',
      'require("nothing-of-that-name")',
      "Cannot find module 'nothing-of-that-name'",
    ],
    ['a missing handler', 'exports.other = 1', 'exports no function main_handler'],
    ['an answer that is no JSON', 'exports.main_handler = () => 1n', 'BigInt'],
  ])('reports %s', async (what, source, message) => {
    const { result } = await run(source, { name: what });
    expect(result).toMatchObject({ kind: 'userError', message: expect.stringContaining(message) });
    expect((await run('exports.main_handler = () => 1', { name: 'bad' })).result).toMatchObject({ value: 1 });
  });

  it.concurrent.each([
    ['an endless loop', 'exports.main_handler = () => { for (;;); }', 'timeout'],
    ['a promise that never ends', 'exports.main_handler = () => new Promise(() => {})', 'timeout'],
    ['an exit', 'exports.main_handler = () => process.exit(3)', 'exited'],
    [
      'a kill in the middle of a call',
      'exports.main_handler = () => { require("fs").writeSync(1, "bye"); process.abort() }',
      'exited',
    ],
    ['a huge answer', 'exports.main_handler = () => "x".repeat(7 * 1024 * 1024)', 'answerTooLarge'],
    [
      'noise on the channel',
      'exports.main_handler = () => { require("fs").writeSync(3, "x\\n"); return 1 }',
      'exited',
    ],
  ])('reports how %s ended, and runs the next call', async (what, source, kind) => {
    const parts = { name: what, timeoutS: kind === 'timeout' ? 1 : 5 };
    expect((await run(source, parts)).result.kind).toBe(kind);
    expect((await run('exports.main_handler = () => 1', parts)).result).toMatchObject({ value: 1 });
  });

  it.concurrent.each([
    ['a buffer', 'Buffer.alloc(200e6, 1)'],
    ['many buffers', 'for (const all = [];;) all.push(Buffer.alloc(1e6, 1))'],
    ['shared memory', 'new Uint8Array(new SharedArrayBuffer(200e6)).fill(1)'],
    ['WebAssembly memory', 'new Uint8Array(new WebAssembly.Memory({ initial: 3200 }).buffer).fill(1)'],
    ['objects', 'for (const all = [];;) all.push({ list: new Array(100).fill(Math.random()) })'],
    ['strings', 'for (let all = "x";;) { all = Buffer.from(all + all).toString("latin1") }'],
  ])('limits %s to the memory of the function', async (what, statement) => {
    const { result } = await run(`exports.main_handler = () => { ${statement} }`, {
      name: what,
      timeoutS: 20,
    });
    expect(result).toEqual({ kind: 'memory', memoryMb: 128 });
  });

  it('provides the configured memory, and reports how much was used', async () => {
    const source = (mb: number) => `exports.main_handler = () => Buffer.alloc(${mb}e6, 1).length`;
    const small = await run(source(1), { name: 'small' });
    const large = await run(source(100), { name: 'large' });
    expect([small.result, large.result]).toMatchObject([{ value: 1e6 }, { value: 100e6 }]);
    expect(large.memoryMb - small.memoryMb).toBeGreaterThan(80);
    expect(small.memoryMb).toBeGreaterThan(20);
    const least = await run('exports.main_handler = () => JSON.stringify([process.version]).length > 0', {
      memoryMb: 64,
    });
    expect(least.result).toMatchObject({ value: true });
  });

  it('keeps a process warm, and reports which call started one', async () => {
    const counter = 'let calls = 0; exports.main_handler = () => { calls += 1; return calls }';
    const first = await run(counter, { name: 'warm' });
    const second = await run(counter, { name: 'warm' });
    expect([first.coldStart, second.coldStart]).toEqual([true, false]);
    expect([first.result, second.result]).toMatchObject([{ value: 1 }, { value: 2 }]);
  });

  it.concurrent('reports when the code does not load in time', async () => {
    const { result } = await run('for (;;);', { name: 'slow', initTimeoutS: 1 });
    expect(result).toEqual({ kind: 'initTimeout', timeoutS: 1 });
  });
});

describe('output of the code', () => {
  it('is in the log of its call and of no other', async () => {
    const source = `
console.log('loading');
exports.main_handler = (event) => {
  console.log('call', event); console.error('oops'); require('fs').writeSync(1, 'raw\\n');
  process.stdout.write('x'.repeat(event * 1000));
  return event;
};`;
    const logs: string[] = [];
    for (const event of [1, 2, 3]) logs.push((await run(source, { name: 'prints' }, event)).log);
    const expected = (event: number) => `call ${event}\noops\nraw\n${'x'.repeat(event * 1000)}`;
    expect(logs).toEqual([`loading\n${expected(1)}`, expected(2), expected(3)]);
  });

  it('is not mixed up between concurrent calls, in either language', async () => {
    const node =
      'exports.main_handler = async (event) => { for (let i = 0; i < 50; i += 1) console.log(event) }';
    const python = 'def main_handler(event, context):\n    for i in range(50): print(event)';
    for (const [runtimeName, files] of [
      ['Nodejs18.15', { 'index.js': node }],
      ['Python3.10', { 'index.py': python }],
    ] as const) {
      const fn = code(files, { name: 'mixed', runtime: runtimeName });
      const logs = await Promise.all(
        Array.from({ length: 40 }, async (_, n) => (await runtime.invoke(fn, n, 'r')).log),
      );
      expect(logs).toEqual(Array.from({ length: 40 }, (_, n) => `${n}\n`.repeat(50)));
    }
  });

  it('is kept when the call fails or its process dies', async () => {
    const fail = (how: string) =>
      run(`exports.main_handler = () => { console.log('before'); ${how} }`, { name: 'dies', timeoutS: 1 });
    for (const how of ['throw new Error("x")', 'process.exit(1)', 'for (;;);', 'process.stdout.destroy()']) {
      expect((await fail(how)).log).toContain('before\n');
    }
  });

  it('is truncated with a notice', async () => {
    const { log } = await run(
      'exports.main_handler = () => { for (let i = 0; i < 50_000; i += 1) console.log("line", i) }',
      { name: 'chatty', timeoutS: 20 },
    );
    expect(log).toMatch(/^\[\d+ bytes before this are cut/);
    expect(log.endsWith('line 49999\n')).toBe(true);
  });
});
