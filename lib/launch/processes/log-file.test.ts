import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import { openLogFile } from './launcher-log';

const folder = mkdtempSync(join(tmpdir(), 'spillway-log-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const neverLost = (line: string, error: unknown) => {
  throw new Error(`lost: ${line}`, { cause: error });
};

test('keeps at most two files within their limit, with the newest lines, readable only to the owner', () => {
  const file = join(folder, 'log/spillway.log');
  const log = openLogFile(file, neverLost, 100);
  for (let line = 0; line < 50; line += 1) log.write(`line ${line}`);
  log.close();
  expect(readdirSync(join(folder, 'log'))).toEqual(['spillway.log', 'spillway.log.1']);
  for (const path of [file, `${file}.1`]) expect(statSync(path).size).toBeLessThanOrEqual(100);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(`${readFileSync(`${file}.1`, 'utf8')}${readFileSync(file, 'utf8')}`).toMatch(/line 48\nline 49\n$/);
});

test('appends to an existing log', () => {
  const file = join(folder, 'again.log');
  for (const line of ['first', 'second']) {
    const log = openLogFile(file, neverLost);
    log.write(line);
    log.close();
  }
  expect(readFileSync(file, 'utf8')).toBe('first\nsecond\n');
});

test('passes on and counts lines that can’t be written, and continues when writing works again', () => {
  const parent = join(folder, 'parent');
  writeFileSync(parent, 'a file where the folder of the log should be');
  const lost: string[] = [];
  const log = openLogFile(join(parent, 'spillway.log'), (line) => lost.push(line));
  log.write('one');
  log.write('two');
  expect([lost, log.lost()]).toEqual([['one', 'two'], 2]);
  renameSync(parent, `${parent}.aside`);
  log.write('three');
  expect(readFileSync(join(parent, 'spillway.log'), 'utf8')).toBe(
    '\n2 lines are missing here: they could not be written\nthree\n',
  );
  expect(log.lost()).toBe(2);
});

/** Writes lines until the log is full, then frees space as an operator would, and writes another. */
const program = (module: string) => `
  import { truncateSync } from 'node:fs';
  import { openLogFile } from ${JSON.stringify(module)};
  // As Node does where SIGXFSZ is not ignored already: past the limit the system says EFBIG, as a full disk says ENOSPC.
  process.on('SIGXFSZ', () => {});
  const file = process.argv[2];
  const lost = [];
  const log = openLogFile(file, (line, error) => lost.push([line, error.code]));
  for (let n = 0; n < 200; n += 1) log.write('line ' + n + ' ' + 'x'.repeat(100));
  const full = { lost: log.lost(), code: lost[0][1], first: lost[0][0].slice(0, 8) };
  truncateSync(file, 0);
  log.write('after');
  console.log(JSON.stringify({ ...full, told: lost.length, lostInTheEnd: log.lost() }));
`;

test('continues after a full disk, reports and counts lost lines, and never throws', async () => {
  const bundle = join(folder, 'program.mjs');
  const contents = program(join(import.meta.dirname, 'launcher-log.ts'));
  await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: bundle,
  });
  const file = join(folder, 'full.log');
  // A limit on file sizes simulates a full disk without special rights. 8 blocks of 512 bytes.
  const limited = ['-c', 'ulimit -f 8; exec "$@"', 'sh', process.execPath, bundle, file];
  const { stdout, stderr } = spawnSync('/bin/sh', limited, { encoding: 'utf8' });
  expect(stderr).toBe('');
  const { lost, code, first, told, lostInTheEnd } = JSON.parse(stdout);
  expect(code).toBe('EFBIG');
  expect(lost).toBeGreaterThan(100);
  expect([told, lostInTheEnd]).toEqual([lost, lost]);
  expect(first).toMatch(/^line \d\d/);
  expect(readFileSync(file, 'utf8')).toBe(
    `\n${lost} lines are missing here: they could not be written\nafter\n`,
  );
});
