/** `npm run keys:rotate`: seals the keys of connections and the targets of alert channels for a new private key. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../build.mjs';
import { bundle } from '../bundle.mjs';

process.setSourceMapsEnabled(true);
await bundle(root, ['rotate-keys']);
const { rotateKeys } = await import(pathToFileURL(join(root, '.build/rotate-keys.mjs')).href);
process.exit(await rotateKeys(root, process.argv.slice(2)));
