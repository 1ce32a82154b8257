import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openLogFile } from './log-file';

const folder = mkdtempSync(join(tmpdir(), 'spillway-log-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('two files at most, each within its bound, the newest lines kept, and nobody else may read them', () => {
  const file = join(folder, 'log/spillway.log');
  const log = openLogFile(file, 100);
  for (let line = 0; line < 50; line += 1) log.write(`line ${line}`);
  log.close();
  expect(readdirSync(join(folder, 'log'))).toEqual(['spillway.log', 'spillway.log.1']);
  for (const path of [file, `${file}.1`]) expect(statSync(path).size).toBeLessThanOrEqual(100);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(`${readFileSync(`${file}.1`, 'utf8')}${readFileSync(file, 'utf8')}`).toMatch(/line 48\nline 49\n$/);
});

test('a log goes on where it ended', () => {
  const file = join(folder, 'again.log');
  for (const line of ['first', 'second']) {
    const log = openLogFile(file);
    log.write(line);
    log.close();
  }
  expect(readFileSync(file, 'utf8')).toBe('first\nsecond\n');
});
