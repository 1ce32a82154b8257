import { closeSync, openSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { zipSeedFiles } from '@/lib/sandbox/seeds/parts';
import {
  buildTrialProgram,
  runTrial,
  type TrialProgram,
} from '@/testing/sandbox/functions/test-function-program';
import type { Isolation } from './isolation';

/** Returns the text behind each of its descriptors from 4 on, as far as it can read it. */
const readers = {
  Python: {
    runtime: 'Python3.9',
    zip: zipSeedFiles({
      'index.py': `
import os
def main_handler(event, context):
    texts = []
    for fd in range(4, 256):
        try:
            texts.append(os.pread(fd, 100, 0).decode())
        except OSError:
            pass
    return texts
`,
    }),
  },
  'Node.js': {
    runtime: 'Nodejs18.15',
    zip: zipSeedFiles({
      'index.js': `
const fs = require('fs');
exports.main_handler = () => {
  const texts = [];
  for (let fd = 4; fd < 256; fd += 1) {
    const text = Buffer.alloc(100);
    try { texts.push(text.toString('utf8', 0, fs.readSync(fd, text, 0, 100, 0))); } catch {}
  }
  return texts;
};
`,
    }),
  },
};

let program: TrialProgram;
let secret = -1;
beforeAll(async () => {
  program = await buildTrialProgram();
  const path = join(program.folder, 'secret');
  await writeFile(path, 'a secret');
  secret = openSync(path, 'r');
});
afterAll(async () => {
  closeSync(secret);
  await rm(program.folder, { recursive: true });
});

const levels: readonly Isolation[] = ['jail', 'user', 'weak'];
const languages: readonly (keyof typeof readers)[] = ['Python', 'Node.js'];

it.each(levels.flatMap((level) => languages.map((language) => [level, language] as const)))(
  'a function inherits no descriptor of the sandbox (%s, %s)',
  async (level, language) => {
    const code = {
      uin: '1',
      appId: 1,
      region: 'r',
      namespace: 'default',
      name: 'reads',
      version: '1',
      handler: 'index.main_handler',
      memoryMb: 128,
      timeoutS: 20,
      initTimeoutS: 20,
      environment: {},
      ...readers[language],
    };
    const trial = { options: { isolations: [level, 'weak'] as const }, code, events: [{}] };
    const { results } = await runTrial(program, trial, {
      descriptors: { 12: secret, 17: secret, 90: secret },
    });
    const [result] = results;
    if (result?.kind !== 'answer') expect.fail(JSON.stringify(result));
    expect(result.value).not.toContain('a secret');
  },
);
