/**
 * `npm run test:changed`: runs the tests of the files that differ from `main` or another given commit, and the pure
 * tests that import any of them, for quick feedback during development.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../lib/launch/build.mjs';

const since = process.argv[2] ?? 'main';

const git = (...args) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
const vitest = (...args) =>
  spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...args], {
    cwd: root,
    stdio: 'inherit',
  }).status;

const changed = [
  ...git('diff', '--name-only', '--relative', '--merge-base', since),
  ...git('ls-files', '--others', '--exclude-standard'),
];
const beside = changed.flatMap((file) => {
  const name = file.replace(/(\.test)?\.tsx?$/, '');
  return [`${name}.test.ts`, `${name}.test.tsx`].filter((test) => existsSync(join(root, test)));
});
const failures = [
  beside.length > 0 ? vitest(...new Set(beside)) : 0,
  vitest('--project', 'pure', '--changed', since, '--passWithNoTests'),
].filter((status) => status !== 0);
process.exit(failures.length === 0 ? 0 : 1);
