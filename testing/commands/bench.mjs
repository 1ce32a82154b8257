/** `npm run bench:NAME -- FLAGS`: bundles and runs a benchmark. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, generateSchemas, root } from '../../lib/launch/build.mjs';
import { bundle } from '../../lib/launch/bundle.mjs';
import { findBrowser } from './find-browser.mjs';

/** Programs that a benchmark starts in addition to sandbox and worker. */
const OWN = { engine: ['bench-engine-worker'], estate: ['bench-estate-reader'] };
/** Benchmarks that start a complete built Spillway with its dashboard. */
const WHOLE = ['web', 'pages', 'capacity-page'];

/** Benchmarks that start nothing. */
const ALONE = ['capacity'];

/** Benchmarks that open pages in a browser. */
const BROWSER = ['pages', 'capacity-page'];

const [name] = process.argv.splice(2, 1);
process.setSourceMapsEnabled(true);
process.chdir(root);
if (BROWSER.includes(name)) process.env.CHROME_PATH = findBrowser();
if (WHOLE.includes(name)) {
  await build();
  await bundle(root, [`bench-${name}`]);
} else if (ALONE.includes(name)) {
  await bundle(root, [`bench-${name}`]);
} else {
  await generateSchemas();
  await bundle(root, [
    'sandbox',
    'worker',
    'lease-thread',
    'rehearsal',
    `bench-${name}`,
    ...(OWN[name] ?? []),
  ]);
}
await import(pathToFileURL(join(root, `.build/bench-${name}.mjs`)).href);
