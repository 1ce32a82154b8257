import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './app';

/** The changes of a release; each original text occurs once in the file. */
const changes: Readonly<Record<string, readonly [string, string]>> = {
  'package.json': ['"version": "0.', '"version": "1000.'],
  'components/diversion/function/code-editor.tsx': ['height="240px"', 'height="250px"'],
};

/**
 * Builds a later release of this project: its sources with a change or two, in a folder below it, where its packages
 * are found. The build is kept, and repeated only when sources have changed.
 * @returns its folder
 */
export async function laterRelease(): Promise<string> {
  const folder = join(root, '.build/later');
  const sources = [
    'app',
    'components',
    'lib',
    'testing',
    'package.json',
    'next.config.js',
    'postcss.config.mjs',
    'tsconfig.json',
  ];
  for (const name of sources) {
    rmSync(join(folder, name), { recursive: true, force: true });
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  for (const [name, [old, changed]] of Object.entries(changes)) {
    const text = readFileSync(join(folder, name), 'utf8');
    if (text.split(old).length !== 2)
      throw new Error(`${name} has not once what the release changes: ${old}`);
    writeFileSync(join(folder, name), text.replace(old, changed));
  }
  rmSync(join(folder, 'node_modules'), { force: true });
  symlinkSync('../../node_modules', join(folder, 'node_modules'));
  const build = spawn(process.execPath, ['lib/launch/build.mjs'], { cwd: folder, stdio: 'inherit' });
  const [code] = await once(build, 'exit');
  if (code !== 0) throw new Error(`The later release could not be built: code ${code}`);
  return folder;
}
