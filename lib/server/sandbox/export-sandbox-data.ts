import 'server-only';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import { ok, type Result } from '@/lib/result';
import { query } from '@/lib/server/verb';
import { callControlApi } from '@/lib/store/connections/call-control-api';

const Named = z.object({
  seed: z
    .string()
    .regex(/^[\w-]+$/)
    .catch('world'),
});

/** Exports all sandbox data as JSON, to keep and to import again. Its keys grant no access to anything real. */
export const exportSandboxData = query(
  'sandbox.export',
  z.void(),
  'all',
  async (): Promise<Result<{ readonly json: string; readonly fileName: string }, ActionError>> => {
    const world = await callControlApi('GET', '/data');
    if (!world.ok) return world;
    const { seed } = Named.parse(JSON.parse(world.value));
    return ok({ json: world.value, fileName: `sandbox-${seed}.json` });
  },
);
