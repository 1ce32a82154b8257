/** `npm run bench:NAME -- FLAGS`: bundles a benchmark and what it measures, and runs it. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, generateSchemas, root } from '../../lib/launch/build.mjs';
import { bundle } from '../../lib/launch/bundle.mjs';

/** Programs that a benchmark starts besides sandbox and worker. */
const OWN = { engine: ['bench-engine-worker'], estate: ['bench-estate-reader'] };
/** Benchmarks that start a complete Spillway as built, with its dashboard. */
const WHOLE = ['web'];

const [name] = process.argv.splice(2, 1);
process.setSourceMapsEnabled(true);
process.chdir(root);
if (WHOLE.includes(name)) {
  await build();
  await bundle(root, [`bench-${name}`]);
} else {
  await generateSchemas();
  await bundle(root, ['sandbox', 'worker', `bench-${name}`, ...(OWN[name] ?? [])]);
}
await import(pathToFileURL(join(root, `.build/bench-${name}.mjs`)).href);
