import 'server-only';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { query } from '@/lib/server/verb';
import { parseRunbook } from './parse-runbook';

/**
 * Returns the runbook of this version. It ships with the code, because other copies may be unreachable in an outage.
 */
export const getRunbook = query('runbook.get', z.void(), 'all', async () =>
  parseRunbook(await readFile(join(process.cwd(), 'docs/runbook.md'), 'utf8')),
);
