import 'server-only';
import { asc, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { runVantages } from '@/lib/db/schema';
import type { VantageReport } from '@/lib/run/model/convergence';
import { type DnsSplit, findDnsSplit, listSplitNames } from '@/lib/run/model/dns-split';
import type { RunRecord } from '@/lib/run/model/fold-run';
import { bindPlan, hasPlaceholders } from '@/lib/run/model/placeholders';
import type { RunId } from '@/lib/run/model/run-id';

/** Reads the newest answers of all vantage points about a run. */
export async function readVantages(db: Database, runId: RunId): Promise<readonly VantageReport[]> {
  const rows = await db
    .select()
    .from(runVantages)
    .where(eq(runVantages.runId, runId))
    .orderBy(asc(runVantages.kind), asc(runVantages.name));
  return rows.map(({ kind, name, address, at, dns, http, counts }) => ({
    kind,
    name,
    address,
    dns,
    http,
    counts,
    at: at.toISOString(),
  }));
}

/** Returns the newest comparison of the answers of vantage points with the shares of a run; null = none. */
export function getDnsSplit(run: RunRecord, reports: readonly VantageReport[]): DnsSplit | null {
  const { plan, events } = run;
  // Created load balancers get their addresses during the run.
  const bound = hasPlaceholders(plan) ? { ...run, plan: bindPlan(plan, events) } : run;
  const names = listSplitNames(bound);
  return names.length === 0 ? null : findDnsSplit(reports, names);
}
