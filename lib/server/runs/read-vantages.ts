import 'server-only';
import { asc, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { runVantages } from '@/lib/db/schema';
import type { VantageReport } from '@/lib/run/model/convergence';
import type { RunId } from '@/lib/run/model/run-id';

/** Reads the newest answers of all vantage points about a run. */
export async function readVantages(db: Database, runId: RunId): Promise<readonly VantageReport[]> {
  const rows = await db
    .select()
    .from(runVantages)
    .where(eq(runVantages.runId, runId))
    .orderBy(asc(runVantages.kind), asc(runVantages.name));
  return rows.map(({ kind, name, address, at, dns, http }) => ({
    kind,
    name,
    address,
    dns,
    http,
    at: at.toISOString(),
  }));
}
