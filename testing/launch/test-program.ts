import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { invariant } from '@/lib/invariant';
import { engineVersion } from '@/lib/run/durable/work';
import { inDoubtMs } from '@/lib/run/model/retry';

const root = resolve(import.meta.dirname, '../..');

export type TestProgram = {
  /** Its own folder, including its data. */
  readonly folder: string;
  readonly file: string;
  remove(): void;
};

/**
 * Bundles a program as the build does, into its own folder.
 * @param changes its differences from this build
 */
export async function bundleTestProgram(entry: string, ...changes: readonly Plugin[]): Promise<TestProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-program-'));
  const file = join(folder, 'program.mjs');
  // Packages are resolved from the project's node_modules.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  // A worker starts its lease's thread from a file beside its own.
  copyFileSync(join(root, 'lib/run/durable/lease-thread.mjs'), join(folder, 'lease-thread.mjs'));
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { 'server-only': './node_modules/server-only/empty.js' },
    plugins: [...changes],
  });
  return { folder, file, remove: () => rmSync(folder, { recursive: true }) };
}

/** The first step of each attempt in a next release, as the engine records it. */
export const waitForNextStep = 'of.the.next.release';

/**
 * A simulated next release: runs begin with a recorded step that this build does not know, so its engine version is
 * higher.
 */
export const nextRelease: { readonly engineVersion: string; readonly changes: readonly Plugin[] } = {
  engineVersion: String(Number(engineVersion) + 1),
  changes: [
    changed('lib/run/durable/work.ts', /(?<=engineVersion = ')\d+/, String(Number(engineVersion) + 1)),
    changed(
      'lib/run/executor.ts',
      /(?=const start = await base\.once\('started')/,
      `await base.once('${waitForNextStep}', async () => null);\n  `,
    ),
  ],
};

/** Changes only the time for which the program watches a write in doubt: the sandbox's index does not lag. */
export function inDoubtFor(ms: number): Plugin {
  const times = Object.fromEntries(Object.keys(inDoubtMs).map((kind) => [kind, ms]));
  return changed('lib/run/model/retry.ts', /(?<=inDoubtMs = )\{[^}]*\}/, JSON.stringify(times));
}

/** @param file relative to the project; it must exist, even if the program doesn't contain it */
function changed(file: string, what: RegExp, by: string): Plugin {
  const changedPath = join(root, file);
  const code = readFileSync(changedPath, 'utf8');
  invariant(what.test(code), `${what} is found in ${file}`);
  const contents = code.replace(what, by);
  return {
    name: 'changed',
    setup(bundler) {
      bundler.onLoad({ filter: /\.ts$/ }, ({ path }) =>
        path === changedPath ? { loader: 'ts', contents } : undefined,
      );
    },
  };
}
