/** `npm run sandbox -- FLAGS`: the sandbox cloud alone. Its first line on stdout is JSON, so nothing else goes there. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generateSchemas, isBuilt, root } from './build.mjs';
import { bundle } from './bundle.mjs';

process.setSourceMapsEnabled(true);
if (!isBuilt()) {
  await generateSchemas();
  await bundle(root, ['sandbox']);
}
await import(pathToFileURL(join(root, '.build/sandbox.mjs')).href);
