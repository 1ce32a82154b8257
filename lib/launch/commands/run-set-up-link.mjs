/** `npm run set-up-link`: prints a link with which a further administrator creates an account. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../build.mjs';
import { bundle } from '../bundle.mjs';

process.setSourceMapsEnabled(true);
await bundle(root, ['set-up-link']);
const { printSetUpLink } = await import(pathToFileURL(join(root, '.build/set-up-link.mjs')).href);
process.exit(await printSetUpLink(root));
