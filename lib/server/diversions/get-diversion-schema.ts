import 'server-only';
import { z } from 'zod';
import { diversionFileSchema } from '@/lib/contract/diversion-file';
import { query } from '@/lib/server/verb';

/** Returns the JSON Schema of diversion files. */
export const getDiversionSchema = query('diversion.getSchema', z.void(), 'all', async () =>
  diversionFileSchema(),
);
