import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { zipSeedFiles } from '../seeds/parts';
import type { Isolation } from './jail/isolation';
import { createFunctionRuntime } from './runtime';

const log = pino({ level: 'silent' });
const fn = {
  handler: 'index.main_handler',
  uin: '1',
  appId: 1,
  region: 'r',
  namespace: 'default',
  name: 'greedy',
  version: '1',
  memoryMb: 128,
  timeoutS: 60,
  initTimeoutS: 20,
  environment: {},
};

/**
 * Each process stays below the function's memory, but all of them together exceed it. They hold it until they are
 * killed.
 */
const greedy = {
  Python: {
    ...fn,
    runtime: 'Python3.9',
    zip: zipSeedFiles({
      'index.py': `
import os, signal, time
def main_handler(event, context):
    for _ in range(event):
        if os.fork() == 0:
            block = bytearray(b'x') * (60 * 1024 * 1024)
            signal.pause()
    for _ in range(event):
        os.wait()
`,
    }),
  },
  'Node.js': {
    ...fn,
    runtime: 'Nodejs18.15',
    zip: zipSeedFiles({
      'index.js': `
const { spawn } = require('child_process');
const source = 'const block = Buffer.alloc(60 * 1024 * 1024, 1); setInterval(() => block[0], 1000)';
exports.main_handler = (event) => new Promise((resolve) => {
  for (let i = 0; i < event; i += 1) spawn(process.execPath, ['-e', source]).on('exit', resolve);
});
`,
    }),
  },
};
type Language = keyof typeof greedy;
const levels: readonly Isolation[] = ['jail', 'user', 'weak'];
const languages: readonly Language[] = ['Python', 'Node.js'];

describe('the combined processes of a function', () => {
  it.each(levels.flatMap((level) => languages.map((language) => [level, language] as const)))(
    'are limited to its memory (%s, %s)',
    async (level, language) => {
      const runtime = createFunctionRuntime({ log, isolations: [level, 'weak'] });
      const { result } = await runtime.invoke(greedy[language], 6, 'r');
      const { totalMemory } = await runtime.facts;
      await runtime.stop();
      expect(totalMemory).not.toBe('each');
      expect(result).toEqual({ kind: 'memory', memoryMb: 128 });
    },
  );

  it('can’t exceed it by files in memory that no process maps', async () => {
    const runtime = createFunctionRuntime({ log });
    const source = `
import os, time
def main_handler(event, context):
    files = []
    for _ in range(16):
        files.append(os.memfd_create('hidden'))
        for _ in range(64):
            os.write(files[-1], b'x' * 1024 * 1024)
    return len(files)
`;
    const code = { ...greedy.Python, zip: zipSeedFiles({ 'index.py': source }), name: 'hides' };
    const { result } = await runtime.invoke(code, {}, 'r');
    const { systemCalls } = await runtime.facts;
    await runtime.stop();
    expect(result.kind).toBe(systemCalls === 'filtered' ? 'userError' : 'memory');
  });

  it('can’t exceed it by what their sockets buffer', async () => {
    const runtime = createFunctionRuntime({ log });
    const source = `
import signal, socket
def main_handler(event, context):
    pairs = []
    for _ in range(480):
        pairs += socket.socketpair()
        for end in pairs[-2:]:
            end.setblocking(False)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 23)
            try:
                while True: end.send(b'x' * 32768)
            except BlockingIOError: pass
    signal.pause()
`;
    const code = { ...greedy.Python, zip: zipSeedFiles({ 'index.py': source }), name: 'buffers' };
    const { result } = await runtime.invoke(code, {}, 'r');
    const { totalMemory } = await runtime.facts;
    await runtime.stop();
    expect(result.kind).toBe(totalMemory === 'each' ? 'timeout' : 'memory');
  });

  it('can’t exceed it by empty files, whose names are in memory', async () => {
    const runtime = createFunctionRuntime({ log });
    const source = `
def main_handler(event, context):
    for count in range(70000):
        try:
            open(f'/tmp/{count}', 'x').close()
        except OSError as error:
            return error.errno
`;
    const code = { ...greedy.Python, zip: zipSeedFiles({ 'index.py': source }), name: 'names' };
    const { isolation } = await runtime.facts;
    // Elsewhere, /tmp is the machine's own.
    const { result } = isolation === 'jail' ? await runtime.invoke(code, {}, 'r') : { result: null };
    await runtime.stop();
    // ENOSPC
    if (result !== null) expect(result).toMatchObject({ kind: 'answer', value: 28 });
  });
});
