import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LockHeldError, takePidLock } from './pid-lock.mjs';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-lock-test-'));
  file = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('has one holder at a time, and can be taken again after its release', () => {
  const release = takePidLock(file);
  expect(() => takePidLock(file)).toThrow(LockHeldError);
  expect(() => takePidLock(file)).toThrow(String(process.pid));
  release();
  takePidLock(file)();
  expect(readdirSync(folder)).toEqual([]);
});

test('a holder killed with -9 does not block the next one', async () => {
  const program = `import(${JSON.stringify(fileURLToPath(new URL('./pid-lock.mjs', import.meta.url)))})
    .then(({ takePidLock }) => { takePidLock(${JSON.stringify(file)}); console.log('held'); setInterval(() => {}, 1000); })`;
  const holder = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  expect(() => takePidLock(file)).toThrow(String(holder.pid));
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  takePidLock(file)();
});

test('a process that reuses the id of the holder is not the holder', () => {
  takePidLock(file);
  const [pid] = readFileSync(file, 'utf8').split(' ');
  writeFileSync(file, `${pid} another-boot 1\n`);
  takePidLock(file)();
});
