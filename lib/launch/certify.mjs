/** `npm run certify -- FLAGS`: compares the sandbox's assumptions with a real account's behavior. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './build.mjs';
import { bundle } from './bundle.mjs';

process.setSourceMapsEnabled(true);
await bundle(root, ['certify']);
await import(pathToFileURL(join(root, '.build/certify.mjs')).href);
