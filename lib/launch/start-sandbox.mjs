/**
 * `npm run sandbox -- FLAGS`: the sandbox cloud alone. Its first line on stdout is JSON, so nothing else goes there.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, root } from './build.mjs';

process.setSourceMapsEnabled(true);
await build(['programs']);
const { TENCENTCLOUD_SECRET_KEY, TENCENTCLOUD_ACCOUNTS, SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS } = process.env;
// The same rule as in the launcher: on a machine with keys of real accounts, functions run in a jail or not at all.
if ((TENCENTCLOUD_SECRET_KEY || TENCENTCLOUD_ACCOUNTS) && SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS !== 'allow') {
  process.argv.push('--jail-only');
}
await import(pathToFileURL(join(root, '.build/sandbox.mjs')).href);
