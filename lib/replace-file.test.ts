import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile, replaceFileSync } from './replace-file';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replace-file-'));
  file = join(folder, 'kept.json');
  writeFileSync(file, 'old');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ways = {
  replaceFile: (path: string, text: string) => replaceFile(path, [text]),
  replaceFileSync: async (path: string, text: string) => replaceFileSync(path, text),
};

describe.each(Object.entries(ways))('%s', (name, replace) => {
  it('replaces a file, readable only to its owner, without leaving temporary files', async () => {
    await replace(file, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['kept.json']);
  });

  it('follows a link', async () => {
    const link = join(folder, 'link.json');
    symlinkSync(file, link);
    await replace(link, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
  });

  it('keeps the old file if the disk is full', () => {
    const module = join(folder, 'replace-file.mjs');
    const entryPoints = [new URL('replace-file.ts', import.meta.url).pathname];
    buildSync({ entryPoints, outfile: module, bundle: true, platform: 'node', format: 'esm' });
    const text = name === 'replaceFile' ? "['x'.repeat(100_000)]" : "'x'.repeat(100_000)";
    const program = `
      import { ${name} } from ${JSON.stringify(module)};
      process.on('SIGXFSZ', () => {});
      const write = async () => ${name}(${JSON.stringify(file)}, ${text});
      write().then(() => console.log('written'), (error) => console.log(error.code));`;
    // A limit of the size of files: a write up to it is cut short, and the next one fails, as on a disk that is full.
    const run = ['-c', 'ulimit -f 2; exec "$0" --input-type=module -e "$1"', process.execPath, program];
    expect(execFileSync('sh', run, { encoding: 'utf8' }).trim()).toBe('EFBIG');
    expect(readFileSync(file, 'utf8')).toBe('old');
  });
});
