import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';

/** npm passes SIGTERM on to its child only. A shell between would end and leave the program running. */
it.each(['start', 'sandbox'])('runs the program of npm run %s as the child of npm', async (script) => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-npm-'));
  const record = join(folder, 'record');
  // Stands in for Node, and records its parent.
  writeFileSync(join(folder, 'node'), `#!/bin/sh\necho $PPID > ${record}\n`);
  chmodSync(join(folder, 'node'), 0o700);
  const { npm_execpath: npm = 'npm', ...env } = process.env;
  const [file = '', ...args] = [...(npm.endsWith('.js') ? [process.execPath, npm] : [npm]), 'run', script];
  const PATH = `${folder}${delimiter}${process.env.PATH}`;
  const own = spawn(file, args, { env: { ...env, PATH }, stdio: 'ignore' });
  await once(own, 'exit');
  expect(readFileSync(record, 'utf8').trim()).toBe(String(own.pid));
  rmSync(folder, { recursive: true });
});
