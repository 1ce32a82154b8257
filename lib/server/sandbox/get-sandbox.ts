import 'server-only';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import type { SandboxObjects, SandboxView } from '@/lib/contract/sandbox';
import { connections } from '@/lib/db/schema';
import { getHostName } from '@/lib/estate/look-up';
import { err, ok, type Result } from '@/lib/result';
import { query } from '@/lib/server/verb';
import { callControlApi } from '@/lib/store/connections/call-control-api';
import { serverContext } from '@/lib/store/context';
import { newestSnapshot } from '@/lib/store/estate/newest-estate';

const Clock = z.object({ mode: z.enum(['real', 'virtual']), now: z.number(), rate: z.number() });
const Hit = z.object({ action: z.string(), requestId: z.string() });
const Fault = z.object({
  id: z.string(),
  spec: z.looseObject({ kind: z.string() }),
  remaining: z.number().nullable(),
  hits: z.number(),
  lastHits: z.array(Hit),
  outcome: z.string().nullable(),
});
const Assumption = z.object({
  name: z.string(),
  about: z.string(),
  current: z.union([z.string(), z.number()]),
  choices: z.array(z.string()).optional(),
  unit: z.string().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
});
const Runtimes = z
  .object({
    python: z.string().nullable(),
    pyodide: z.boolean(),
    node: z.string().nullable(),
    isolation: z.enum(['jail', 'user', 'weak']),
    weakerBecause: z.string().nullable(),
    jailOnly: z.boolean(),
    systemCalls: z.enum(['filtered', 'open']),
    totalMemory: z.enum(['cgroup', 'watched', 'each']),
  })
  .nullable();

const parts = {
  summary: z.object({
    seed: z.string(),
    clock: Clock,
    taskMs: z.number(),
    tasksRunning: z.number(),
    counts: z.record(z.string(), z.number()),
    runtimes: Runtimes,
  }),
  seeds: z.object({ seeds: z.array(z.string()) }),
  faults: z.object({ faults: z.array(Fault) }),
  assumptions: z.object({ assumptions: z.array(Assumption) }),
  effects: z.record(z.string(), z.number()),
  log: z.object({ lines: z.array(z.object({ number: z.number(), line: z.looseObject({}) })) }),
} as const;

/** The page's timeout: a sandbox that hangs returns no part, and the page reports that. */
const partWithinMs = 5000;

async function read<Part extends keyof typeof parts>(
  part: Part,
): Promise<Result<z.infer<(typeof parts)[Part]>, ActionError>> {
  const answer = await callControlApi('GET', `/${part}`, undefined, partWithinMs);
  if (!answer.ok) return answer;
  return ok(parts[part].parse(JSON.parse(answer.value)) as z.infer<(typeof parts)[Part]>);
}

/** Lists the objects of the sandbox's accounts that a fault may target, from their newest snapshots. */
async function listObjects(): Promise<SandboxObjects> {
  const { db } = (await serverContext()).database;
  const accounts = await db
    .select({ id: connections.id, name: connections.name, uin: connections.uin })
    .from(connections)
    .where(eq(connections.kind, 'sandbox'));
  const read = await Promise.all(accounts.map(({ id }) => newestSnapshot(db, id)));
  const estates = read.filter((estate) => estate !== null);
  const domains = new Set(
    estates.flatMap(({ records, rules }) => [
      ...records.filter(({ type }) => /^(A|AAAA|CNAME)$/.test(type)).map(getHostName),
      ...rules.flatMap((rule) => rule.domains),
    ]),
  );
  return {
    accounts: accounts.flatMap(({ name, uin }) => (uin === null ? [] : [{ value: uin, hint: name }])),
    instances: estates.flatMap(({ instances }) =>
      instances.map(({ id, name }) => ({ value: id, hint: name })),
    ),
    functions: estates.flatMap(({ functions }) =>
      functions.map(({ region, namespace, name, runtime }) => ({
        value: `${region}/${namespace}/${name}`,
        hint: runtime,
      })),
    ),
    callObjects: [
      ...estates.flatMap(({ loadBalancers }) =>
        loadBalancers.map(({ id, name }) => ({ value: id, hint: name })),
      ),
      ...[...domains].sort().map((value) => ({ value, hint: '' })),
    ],
    regions: [...new Set(estates.flatMap(({ regions }) => regions))].sort(),
  };
}

/** The number of log lines shown, from the end. */
const linesShown = 200;

/** Reads all data of the sandbox's page from the control API. */
export const getSandbox = query(
  'sandbox.get',
  z.void(),
  'all',
  async (): Promise<Result<SandboxView, ActionError>> => {
    const [summary, seeds, faults, assumptions, effects, log] = await Promise.all([
      read('summary'),
      read('seeds'),
      read('faults'),
      read('assumptions'),
      read('effects'),
      read('log'),
    ]);
    const objects = await listObjects();
    if (!summary.ok) return summary;
    if (!seeds.ok) return seeds;
    if (!faults.ok) return faults;
    if (!assumptions.ok) return assumptions;
    if (!effects.ok) return effects;
    if (!log.ok) return err(log.error);
    return ok({
      readAt: new Date().toISOString(),
      ...summary.value,
      seeds: seeds.value.seeds,
      faults: faults.value.faults,
      assumptions: assumptions.value.assumptions,
      objects,
      effects: Object.entries(effects.value).map(([name, count]) => {
        const [action = '', ...object] = name.split(' ');
        return { action, object: object.join(' '), count };
      }),
      log: log.value.lines.slice(-linesShown).map(({ number, line }) => ({ number, ...logLine(line) })),
    });
  },
);

const levels: Readonly<Record<number, 'debug' | 'info' | 'warn' | 'error'>> = {
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'error',
};

const Line = z.looseObject({
  level: z.number().catch(30),
  time: z.number().catch(0),
  msg: z.string().catch(''),
  action: z.string().optional().catch(undefined),
  requestId: z.string().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  kind: z.string().optional().catch(undefined),
  fault: z.string().optional().catch(undefined),
});

function logLine(line: object) {
  const { level, time, msg, action = null, requestId = null, code = null, kind, fault } = Line.parse(line);
  return {
    level: levels[level] ?? 'info',
    at: new Date(time).toISOString(),
    text: fault === undefined ? msg : `${msg}: ${kind}, ${fault}`,
    action,
    requestId,
    code,
  };
}
