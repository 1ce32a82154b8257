#!/usr/bin/env node
/** `npx spillway` and `npm run -s spillway --`: the command line client of the API. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../build.mjs';
import { bundle } from '../bundle.mjs';

process.setSourceMapsEnabled(true);
await bundle(root, ['spillway']);
await import(pathToFileURL(join(root, '.build/spillway.mjs')).href);
