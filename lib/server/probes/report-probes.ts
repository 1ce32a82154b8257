'use server';

import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Answer } from '@/lib/contract/answer';
import { runVantages } from '@/lib/db/schema';
import { ok } from '@/lib/result';
import { addAnswers, listSharingAgents, listSplitNames } from '@/lib/run/model/dns-split';
import { bindPlan, hasPlaceholders } from '@/lib/run/model/placeholders';
import { RunId } from '@/lib/run/model/run-id';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';
import { loadRun } from '@/lib/store/runs/load-run';
import { listAgentTargets } from './list-targets';

/** The maximum number of agents of a run that report at a time, and the shortest time between two reports of one, in ms. */
const agentsMax = 20;
const reportEveryMs = 4000;

/**
 * The number of intervals without a report, and the shortest time, after which another process may take an agent's name, or
 * another agent its place.
 */
const silentIntervals = 3;
const silentMinS = 60;

/** An arbitrary constant, in addition to the run's own. */
const reportLock = 7_410_013;

const text = z.string().max(255);
const DnsReport = z.object({
  name: text,
  values: z.array(text).max(20).nullable(),
  ttlS: z.int().min(0).max(604_800).nullable(),
  failure: text.nullable(),
});
const HttpReport = z.object({
  url: z.string().max(2000),
  status: z.int().min(100).max(599).nullable(),
  latencyMs: z.int().min(0).max(60_000),
  failure: text.nullable(),
});

/**
 * Stores what an agent has seen from its network: answers for names and requests that it was asked for, and no others. It
 * is shown with the run, and judged by guards that name it; it does nothing else.
 */
export const reportProbes = verb(
  'probe.report',
  z.object({
    runId: RunId,
    agent: z.string().trim().min(1, 'name.missing').max(60, 'vantagePoint.longName'),
    /** Identifies the process: two with one name would overwrite the answers of each other. */
    instance: z.string().min(1).max(64),
    /** The address of the resolver that it asks: agents that share one give one sample. Absent = unknown. */
    resolver: text.exactOptional(),
    dns: z.array(DnsReport).max(50),
    http: z.array(HttpReport).max(20),
  }),
  ({ runId }) => ({ run: runId }),
  async ({ runId, agent, instance, resolver, dns, http }): Answer<{ stored: number }> => {
    const { database, settings } = await serverContext();
    const { db } = database;
    const run = await loadRun(db, runId);
    const target = run === null ? null : listAgentTargets(run, new Date(), settings.SPILLWAY_PROBE_AFTER_S);
    if (run === null || target === null || settings.SPILLWAY_PROBE_S === 0) return refuse('probe.notAsked');
    const bound = hasPlaceholders(run.plan) ? { ...run, plan: bindPlan(run.plan, run.events) } : run;
    return db.transaction(async (tx) => {
      // Reports about a run are stored one after the other, so that of two with the same draw only the first counts it.
      await tx.execute(sql`select pg_advisory_xact_lock(${reportLock}, hashtext(${runId}))`);
      const now = new Date();
      const agents = await tx
        .select()
        .from(runVantages)
        .where(and(eq(runVantages.runId, runId), eq(runVantages.kind, 'agent')));
      const own = agents.find(({ name }) => name === agent);
      const getSilentMs = (other: { readonly at: Date }) => Math.abs(now.getTime() - other.at.getTime());
      const silentMs = own === undefined ? Number.POSITIVE_INFINITY : getSilentMs(own);
      const silentS = Math.max(silentMinS, silentIntervals * settings.SPILLWAY_PROBE_S);
      const isFull = own === undefined && agents.length >= agentsMax;
      const replaced = isFull ? agents.toSorted((a, b) => getSilentMs(b) - getSilentMs(a))[0] : undefined;
      if (replaced !== undefined && getSilentMs(replaced) < silentS * 1000)
        return refuse('probe.tooManyAgents', { max: agentsMax });
      const isOther = own !== undefined && own.instance !== instance;
      if (isOther && silentMs < silentS * 1000) {
        const since = `${(own.instanceSince ?? own.at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
        return refuse('probe.otherProcess', { agent, since, silentS });
      }
      if (silentMs < reportEveryMs) return refuse('probe.tooSoon');
      const at = now.toISOString();
      const answers = dns
        .filter(({ name }) => target.names.some((each) => each.name === name))
        .map((answer) => ({ ...answer, at }));
      const requests = http.flatMap((request) => {
        const asked = target.requests.find(({ url }) => url === request.url);
        // The server judges: an agent reports what it saw.
        return asked === undefined ? [] : [{ ...request, passed: request.status === asked.status }];
      });
      const address = resolver ?? null;
      const others = agents.filter((each) => each !== replaced);
      const sharing = listSharingAgents(others, { name: agent, address });
      const added = addAnswers(own, answers, listSplitNames(bound), sharing);
      // Names that are no longer asked for keep their answers, with the time of each.
      const kept = isOther
        ? []
        : (own?.dns ?? []).filter((old) => !answers.some(({ name }) => name === old.name));
      const instanceSince = own === undefined || isOther ? now : own.instanceSince;
      const stored = { ...added, dns: [...kept, ...added.dns] };
      const values = { address, at: now, http: requests, instance, instanceSince, ...stored };
      if (replaced !== undefined)
        await tx
          .delete(runVantages)
          .where(
            and(
              eq(runVantages.runId, runId),
              eq(runVantages.kind, 'agent'),
              eq(runVantages.name, replaced.name),
            ),
          );
      await tx
        .insert(runVantages)
        .values({ runId, kind: 'agent', name: agent, ...values })
        .onConflictDoUpdate({
          target: [runVantages.runId, runVantages.kind, runVantages.name],
          set: values,
        });
      return ok({ stored: answers.length + requests.length });
    });
  },
);
