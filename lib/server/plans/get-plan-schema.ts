import 'server-only';
import { z } from 'zod';
import { planFileSchema } from '@/lib/plan/export/plan-file';
import { query } from '@/lib/server/verb';

/** Returns the JSON Schema of an exported plan. */
export const getPlanSchema = query('plan.getSchema', z.void(), 'all', async () => planFileSchema());
