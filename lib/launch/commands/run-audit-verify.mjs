/** `npm run audit:verify -- [--anchor] [ANCHOR…]`: verifies the audit log. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../build.mjs';
import { bundle } from '../bundle.mjs';

process.setSourceMapsEnabled(true);
await bundle(root, ['audit-verify']);
const { auditVerify } = await import(pathToFileURL(join(root, '.build/audit-verify.mjs')).href);
process.exit(await auditVerify(root, process.argv.slice(2)));
