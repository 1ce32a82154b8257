import type { Runtime } from './launcher';

/**
 * The program that runs a Node.js function, passed to node by `-e`, so that it needs no file where it runs. It works on
 * every Node.js since 16, and implements the protocol of `function-protocol.ts`.
 *
 * Handlers are those that the cloud accepts (https://www.tencentcloud.com/document/product/583/11060): async or not,
 * with (event, context, callback). If one takes a callback and returns nothing, the callback is awaited. Objects that a
 * function could change (JSON, process.stdout) are captured before its code is loaded.
 */
const nodeBootstrap = String.raw`
'use strict';
const fs = require('node:fs');
const { Socket } = require('node:net');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { inspect } = require('node:util');
const { parse, stringify } = JSON;
const { byteLength } = Buffer;
const exit = process.exit.bind(process);
const execPath = process.execPath;
// A process that is the first of its namespace can't abort, it could only fail in doing so.
process.abort = () => exit(134);
process.execArgv = [];
process.argv = [execPath];

const { readSync } = fs;
let status = null;
try {
  status = fs.openSync('/proc/self/status', 'r');
} catch {}
const text = Buffer.alloc(4096);
function kilobytes(name) {
  if (status === null) return null;
  const size = readSync(status, text, 0, text.length, 0);
  const at = text.indexOf(name);
  return at < 0 || at >= size ? null : parseInt(text.toString('latin1', at + name.length, size), 10);
}
function peakKb() {
  return kilobytes('VmHWM:') ?? process.memoryUsage.rss() / 1024;
}

const channel = new Socket({ fd: 3, readable: true, writable: true });
const send = channel.write.bind(channel);
const writeSync = fs.writeSync;
let setup = null;
let mark = null;
let handler = null;
/** Ends the call under way; null between calls. */
let finish = null;

// Behind all that the code has written: a pipe that is full makes the streams keep a queue.
const { stdout, stderr } = process;
const writeOut = stdout.write.bind(stdout);
const writeErr = stderr.write.bind(stderr);
function writeMark() {
  if (stdout.destroyed || stdout.writableEnded) {
    try {
      writeSync(1, mark);
    } catch {
      return false;
    }
  } else if (stderr.writableLength > 0 && !stderr.destroyed) {
    writeErr('', () => writeOut(mark));
  } else {
    writeOut(mark);
  }
  return true;
}

function reply(message, json) {
  message.marked = writeMark();
  send(json === undefined ? stringify(message) + '\n' : stringify(message) + '\n' + json + '\n');
}

function explain(error) {
  const full = error instanceof Error && typeof error.stack === 'string' ? error.stack : inspect(error);
  const lines = full.split('\n').filter((line) => !/^\s+at .*(\[eval|node:)/.test(line));
  const shown = lines.join('\n');
  return shown.length <= 8000 ? shown : shown.slice(0, 8000) + '\n[...]';
}

function isOutOfMemory(error) {
  return (
    (error instanceof RangeError && /allocation failed|could not allocate memory/.test(error.message)) ||
    (error instanceof Error && error.code === 'ERR_MEMORY_ALLOCATION_FAILED')
  );
}

function failed(error, ends) {
  if (isOutOfMemory(error)) return reply({ kind: 'memory', peakKb: peakKb() });
  reply({ kind: 'userError', message: explain(error), ends, peakKb: peakKb() });
}

process.on('uncaughtException', (error) => {
  // Nothing waits: the process exits normally.
  if (finish === null) {
    console.error(error);
    exit(1);
  }
  finish = null;
  failed(error, true);
});

async function load() {
  const dot = setup.handler.lastIndexOf('.');
  if (dot < 1) throw new Error('the handler ' + setup.handler + ' is not of the form file.function');
  const name = setup.handler.slice(0, dot);
  const member = setup.handler.slice(dot + 1);
  const path = ['.js', '.mjs', '.cjs'].map((end) => join(setup.codeDir, name + end)).find((file) => fs.existsSync(file));
  if (path === undefined) throw new Error('the code has no file ' + name + '.js');
  const code = await loadFile(path);
  const found = code[member] ?? code.default?.[member];
  if (typeof found !== 'function') throw new Error(name + ' exports no function ' + member);
  return found;
}

async function loadFile(path) {
  if (!path.endsWith('.mjs')) {
    try {
      return createRequire(join(setup.codeDir, 'index.js'))(path);
    } catch (error) {
      if (error?.code !== 'ERR_REQUIRE_ESM' && error?.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
    }
  }
  return import(pathToFileURL(path).href);
}

function begin() {
  let open = true;
  return (work) => {
    if (!open) return;
    open = false;
    finish = null;
    work();
  };
}

function first() {
  const settle = (finish = begin());
  load().then(
    (found) => {
      handler = found;
      settle(() => reply({ kind: 'loaded' }));
    },
    (error) => settle(() => failed(error, true)),
  );
}

function answer(value) {
  let json;
  try {
    json = stringify(value) ?? 'null';
  } catch (error) {
    return failed(error, false);
  }
  if (byteLength(json) > setup.answerMax) return reply({ kind: 'answerTooLarge', peakKb: peakKb() });
  reply({ kind: 'answer', peakKb: peakKb() }, json);
}

function run({ event, context }) {
  const settle = (finish = begin());
  const resolve = (value) => settle(() => answer(value));
  const reject = (error) => settle(() => failed(error, false));
  const end = Date.now() + context.time_limit_in_ms;
  context.getRemainingTimeInMillis = () => Math.max(0, end - Date.now());
  let returned;
  try {
    returned = handler(event, context, (error, value) => (error == null ? resolve(value) : reject(error)));
  } catch (error) {
    return reject(error);
  }
  if (typeof returned?.then === 'function') returned.then(resolve, reject);
  else if (returned !== undefined || handler.length < 3) resolve(returned);
}

function start(line) {
  setup = parse(line);
  mark = Buffer.from(setup.mark);
  process.umask(0o077);
  process.chdir(setup.codeDir);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, setup.environment);
  // Starts the threads of the pool, so that their stacks are in what is measured.
  fs.stat('/', () => {
    send(stringify({ kind: 'ready', dataKb: kilobytes('VmData:') }) + '\n');
  });
}

let unread = [];
channel.on('data', (chunk) => {
  unread.push(chunk);
  if (chunk[chunk.length - 1] !== 10) return;
  const line = (unread.length === 1 ? chunk : Buffer.concat(unread)).toString();
  unread = [];
  if (setup === null) start(line);
  else if (handler === null) first();
  else run(parse(line));
});
channel.on('error', () => exit(0));
channel.on('end', () => exit(0));
`;

/**
 * Returns the Node.js that this program itself runs on. The function gets only its file: a folder could contain
 * anything.
 */
export function thisNode(): Runtime {
  const { execPath } = process;
  const system = execPath.startsWith('/usr/') || execPath.startsWith('/bin/');
  return {
    file: execPath,
    args: (memoryMb) => {
      // Its heap stays below the kernel's limit: it collects garbage before it is refused more, and reports why it
      // ends. The young generation has up to three semi-spaces.
      const semiMb = Math.min(16, Math.max(1, Math.floor(memoryMb / 64)));
      const oldMb = Math.floor(memoryMb * 0.9) - 3 * semiMb;
      const heap = [`--max-old-space-size=${oldMb}`, `--max-semi-space-size=${semiMb}`];
      return [...heap, '--v8-pool-size=1', '--no-warnings', '-e', nodeBootstrap];
    },
    needs: system ? [] : [execPath],
    version: process.versions.node,
    memory: 'kernel',
  };
}
