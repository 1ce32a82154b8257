import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import { removePartRecord } from './build-record.mjs';

/** Entry points of the programs, by the name of their bundle in .build. */
const ENTRIES = {
  launcher: 'lib/launch/launcher.ts',
  'lease-thread': 'lib/run/durable/lease-thread.mjs',
  rehearsal: 'lib/rehearsal/event/main.ts',
  sandbox: 'lib/sandbox/main.ts',
  web: 'lib/launch/web.ts',
  worker: 'lib/launch/worker.ts',
};

/** Entry points of the benchmarks and of other commands, which a build doesn't include. */
const BENCHES = {
  'audit-verify': 'lib/launch/commands/audit-verify.ts',
  'rotate-keys': 'lib/launch/commands/rotate-keys.ts',
  'set-up-link': 'lib/launch/commands/set-up-link.ts',
  certify: 'lib/certify/main.ts',
  spillway: 'lib/cli/main.ts',
  'bench-sandbox': 'e2e/bench/sandbox.ts',
  'bench-chaos': 'e2e/bench/chaos.ts',
  'bench-sim': 'testing/simulation/sim.ts',
  'bench-rehearsal': 'e2e/bench/rehearsal.ts',
  'bench-engine': 'e2e/bench/engine.ts',
  'bench-engine-worker': 'e2e/bench/engine/worker.ts',
  'bench-estate': 'e2e/bench/estate.ts',
  'bench-estate-reader': 'e2e/bench/estate/reader.ts',
  'bench-web': 'e2e/bench/web.ts',
  'bench-capacity-page': 'e2e/bench/capacity-page.ts',
  'bench-pages': 'e2e/bench/pages.ts',
  'bench-capacity': 'e2e/bench/capacity.ts',
};

/**
 * Bundles our programs into plain modules that Node runs, without the packages that npm installed. Each file is
 * replaced atomically: a program of the last build may be starting from the old one.
 * @param {string} root the project's folder
 * @param {string[]} names of ENTRIES or BENCHES
 */
export async function bundle(root, names = Object.keys(ENTRIES)) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map((name) => [name, { ...ENTRIES, ...BENCHES }[name]])),
    outdir: '.build',
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    // The package's default entry throws, to keep server code out of browsers; these programs are servers.
    alias: { 'server-only': './node_modules/server-only/empty.js' },
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'warning',
  });
  // Without this, esbuild's service runs as long as the launcher.
  await stop();
  mkdirSync(join(root, '.build'), { recursive: true });
  // The files no longer match the record of the build.
  if (names.some((name) => name in ENTRIES)) removePartRecord(root, 'programs');
  for (const { path, contents } of result.outputFiles) {
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, contents);
    renameSync(draft, path);
  }
}
