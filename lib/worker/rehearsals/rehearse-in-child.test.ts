import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testRehearsal } from '@/testing/rehearsal/test-rehearsal';
import { RehearsalOverdueError } from './rehearsal-overdue';
import { rehearseInChild } from './rehearse-in-child';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-rehearsals-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a program that runs when it gets its work. */
function program(name: string, body: string): string {
  const file = join(folder, name);
  writeFileSync(
    file,
    `process.once('disconnect', () => process.exit());\nprocess.once('message', () => { ${body} });\n`,
  );
  return file;
}

const options = {
  onProgress: () => {},
  onEvent: () => {},
  onRest: () => {},
  finished: [],
  signal: new AbortController().signal,
};

describe('the process of a rehearsal is stopped', () => {
  it('when it makes no progress', async () => {
    const rehearse = rehearseInChild(program('silent.mjs', ''), { silentMs: 20, wholeMs: 600_000 });
    const ended = rehearse(testRehearsal(), options);
    await expect(ended).rejects.toThrow(RehearsalOverdueError);
    await expect(ended).rejects.toThrow('no progress');
  });

  it('when it takes too long, however much it reports', async () => {
    const report = `setInterval(() => process.send({ kind: 'progress', progress: { share: 0.5 } }), 1);`;
    const rehearse = rehearseInChild(program('endless.mjs', report), { silentMs: 600_000, wholeMs: 20 });
    await expect(rehearse(testRehearsal(), options)).rejects.toThrow('Start it with fewer events');
  });

  it('never without a limit reached: its own error is passed on', async () => {
    const failed = `process.send({ kind: 'failed', message: 'no estate', stack: '' }, () => process.disconnect());`;
    const rehearse = rehearseInChild(program('failing.mjs', failed));
    await expect(rehearse(testRehearsal(), options)).rejects.toThrow('no estate');
  });
});
