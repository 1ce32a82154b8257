import 'server-only';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import { switches } from '@/lib/db/schema';
import { movedDomain } from '@/lib/diversion/routes';
import { failoverScript } from '@/lib/plan/failover-script/failover-script';
import { stops } from '@/lib/preflight/model/stops';
import { ok, type Result } from '@/lib/result';
import { listHeadFindings } from '@/lib/server/plans/describe-finding';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { readConditions } from '@/lib/store/plans/read-conditions';
import { refuse } from '@/lib/store/refusal';
import { readOriginalTtls } from '@/lib/store/runs/read-original-ttls';
import { checkMove } from './switch-view';

/**
 * Exports the program that fails a Switch over without Spillway, derived from the newest snapshot. It contains no keys. As
 * for the failover itself, a finding that blocks the move refuses it.
 */
export const exportSwitchScript = query(
  'switch.exportScript',
  z.string(),
  (switchId) => ({ switch: switchId }),
  async (switchId): Promise<Result<{ readonly text: string; readonly fileName: string }, ActionError>> => {
    const { settings, database } = await serverContext();
    const { db } = database;
    const [row] = await db.select().from(switches).where(eq(switches.id, switchId));
    if (row === undefined) return refuse('switch.gone', { switch: switchId });
    const { connectionId, diversion, policy } = row;
    const estate = await newestEstate(db, connectionId, diversion.connections);
    if (estate === null) return refuse('estate.never', { connection: connectionId });
    const domains = [movedDomain(diversion)];
    const originalTtls = await readOriginalTtls(db, { connectionId, domains, estate });
    const keepAliveS = settings.SPILLWAY_KEEP_ALIVE_S;
    const conditions = await readConditions(db, {
      connectionId,
      connections: diversion.connections,
      span: null,
      others: { kind: 'bindings' },
      safety: { planId: null, runId: null, t0: null, isStart: false },
    });
    const checked = await checkMove({ estate, diversion, originalTtls, conditions });
    if (checked.some(stops)) return refuse('switch.script.blocked');
    const findings = listHeadFindings(checked);
    const made = failoverScript({ estate, diversion, policy, originalTtls, keepAliveS, findings });
    if (!made.ok) return refuse(`switch.script.${made.error}`);
    // A domain consists of letters, digits, dots and hyphens, so it is valid in a file name.
    return ok({ text: made.value, fileName: `failover-${movedDomain(diversion)}.mjs` });
  },
);
