import { z } from 'zod';
import { type JsonLimits, type JsonProblem, parseBoundedJson } from '@/lib/input/bounded-json';
import type { EffectLog } from '@/lib/sandbox/world/effect-log';
import { FaultSpec } from '@/lib/sandbox/world/fault-spec';
import type { Faults, FaultView } from '@/lib/sandbox/world/faults';
import type { sandboxCounts } from '@/lib/sandbox-counts';
import type { KeyPair } from '../data-plane/tls/authority';
import { clientCertificate } from '../data-plane/tls/site-tls';
import { seedNames } from '../seeds/seeds';
import type { Assumptions } from '../world/assumptions';
import type { ClockMode, SwitchableClock } from '../world/clock';
import type { World } from '../world/world';
import type { FaultInjector } from './fault-injector';
import type { RecentLog } from './recent-log';

/** The response of `GET /summary`. */
type Summary = {
  readonly seed: string;
  readonly clock: { readonly mode: ClockMode['mode']; readonly now: number; readonly rate: number };
  readonly taskMs: number;
  readonly tasksRunning: number;
  /** Injected and not used up. */
  readonly faultsPending: number;
  readonly counts: Readonly<Record<(typeof sandboxCounts)[number], number>>;
};

/** Counts the objects in sandbox data, over all accounts. */
function summarize(
  world: World,
  { clock, taskMs, faults }: Pick<Summary, 'clock' | 'taskMs'> & { readonly faults: readonly FaultView[] },
): Summary {
  const accounts = Object.values(world.accounts);
  const loadBalancers = accounts.flatMap((account) => Object.values(account.loadBalancers));
  const listeners = loadBalancers.flatMap((loadBalancer) => loadBalancer.listeners);
  const rules = listeners.flatMap((listener) => listener.rules);
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  const zones = accounts.flatMap((account) => Object.values(account.zones));
  const tasks = accounts.flatMap((account) => Object.values(account.tasks));
  return {
    seed: world.seed,
    clock,
    taskMs,
    tasksRunning: tasks.filter((task) => task.outcome === 'running').length,
    faultsPending: faults.filter((fault) => fault.remaining !== 0).length,
    counts: {
      accounts: accounts.length,
      loadBalancers: loadBalancers.length,
      listeners: listeners.length,
      rules: rules.length,
      targets: sum([...listeners, ...rules].map((holder) => holder.targets.length)),
      functionTargets: sum(rules.map((rule) => rule.functions.length)),
      targetGroups: sum(accounts.map((account) => Object.keys(account.targetGroups).length)),
      instances: sum(accounts.map((account) => Object.keys(account.instances).length)),
      functions: sum(accounts.map((account) => Object.keys(account.functions).length)),
      zones: zones.length,
      records: sum(zones.map((zone) => zone.records.length)),
    },
  };
}

/** The functions of the sandbox that the control API calls. */
export type ControlParts = {
  readonly clock: SwitchableClock;
  /** Reports that the clock was set back. */
  readonly clockSetBack: () => void;
  readonly world: () => World;
  /** The certificate authority, PEM; null = nothing here uses TLS. */
  readonly authority: () => KeyPair | null;
  readonly effects: EffectLog;
  readonly faults: Faults;
  readonly injector: FaultInjector;
  readonly assumptions: Assumptions;
  readonly log: RecentLog;
  readonly taskTime: { get(): number; set(ms: number): void };
  /** Loads the data of a seed, by default the current one, and resets effects, faults and task time. */
  readonly loadSeed: (seed?: string) => void;
  /** Imports sandbox data, or returns its first error and changes nothing. */
  readonly importData: (value: unknown) => string | null;
  /** Other information, by path: the addresses of the data plane and the facts of the function runtimes. */
  readonly facts: () => { readonly addresses: readonly object[]; readonly runtimes: object | null };
};

export type Reply = { readonly status: number; readonly body: object };

type RouteRequest = { readonly parts: ControlParts; readonly query: URLSearchParams; readonly body: string };
type Answer = Reply | Promise<Reply>;
type Route = (ask: RouteRequest, id: string) => Answer;

const done: Reply = { status: 200, body: { ok: true } };
const success = (body: object): Reply => ({ status: 200, body });
const badRequest = (error: string): Reply => ({ status: 400, body: { error } });

/** Builds a route that accepts JSON of this shape. */
function acceptJson<T>(schema: z.ZodType<T>, run: (value: T, parts: ControlParts) => Reply): Route {
  return ({ body, parts }) => {
    const given = parseBoundedJson(body, commandLimits);
    if (!given.ok) return badRequest(`body: ${describeProblem(given.error)}`);
    const parsed = schema.safeParse(given.value);
    if (parsed.success) return run(parsed.data, parts);
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`,
    );
    return badRequest(problems.join('; '));
  };
}

/** The limits of sandbox data. With 100,000 targets it has about 2 million values and a depth of 12. */
const dataLimits: JsonLimits = {
  length: 256 * 1024 * 1024,
  depth: 32,
  values: 50_000_000,
  members: 5_000_000,
};
/** The limits of all other bodies, which have a few fields. */
const commandLimits: JsonLimits = { length: 64 * 1024, depth: 8, values: 1000, members: 500 };

const importRoute = 'PUT /data';

/** Returns the size limit of a body of the control API, in bytes. @param target path and query */
export function bodyMax(method: string, target: string): number {
  return `${method} ${target.split('?', 1)}` === importRoute ? dataLimits.length : commandLimits.length;
}

/** Describes the problem with a body. */
function describeProblem(problem: JsonProblem): string {
  switch (problem.kind) {
    case 'tooLong':
      return `it is longer than ${problem.max} characters`;
    case 'tooDeep':
      return `its lists and objects are nested deeper than ${problem.max}`;
    case 'tooMany':
      return `it has more than ${problem.max} values`;
    case 'tooWide':
      return `a list or object in it has more than ${problem.max} members`;
    case 'notJson':
      return 'it is not JSON';
  }
}

/** `POST /task-time`: milliseconds, from the next write on. */
const TaskTime = z.strictObject({ ms: z.int().min(0).max(3_600_000) });

const maxAheadMs = 366 * 86_400_000;

/**
 * `POST /clock`. `virtual` is stopped, or runs `rate` times as fast as the machine's clock; `now` (epoch milliseconds
 * or ISO 8601) and `advanceMs` move it, and anything that comes due in between happens in that order.
 */
const ClockCommand = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('real') }),
  z.strictObject({
    mode: z.literal('virtual'),
    rate: z.number().min(0).max(10_000).default(0),
    now: z
      .union([z.int().min(0), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))])
      .optional(),
    advanceMs: z.int().min(0).max(maxAheadMs).default(0),
  }),
]);

function describeClock(clock: SwitchableClock) {
  const mode = clock.mode();
  const rate = mode.mode === 'real' ? 1 : mode.rate;
  return { mode: mode.mode, now: clock.now(), iso: new Date(clock.now()).toISOString(), rate };
}

function setClock(command: z.infer<typeof ClockCommand>, { clock, clockSetBack }: ControlParts): Reply {
  const before = clock.now();
  if (command.mode === 'real') clock.setReal();
  else {
    const goal = (command.now ?? before) + command.advanceMs;
    if (goal - before > maxAheadMs) return badRequest(`now: at most ${maxAheadMs} ms ahead of the clock`);
    clock.setVirtual(command.rate);
    clock.moveTo(goal);
  }
  if (clock.now() < before) clockSetBack();
  return success(describeClock(clock));
}

/** `?ca=ID`: returns a client certificate for a listener that requires one of this CA. */
async function issueClientCertificate({ parts, query }: RouteRequest): Promise<Reply> {
  const authority = parts.authority();
  const { accounts } = parts.world();
  const id = query.get('ca') ?? '';
  const ca = Object.values(accounts)
    .map((account) => account.certificates[id])
    .find((found) => found?.kind === 'CA');
  if (authority === null || ca === undefined) return badRequest(`ca: there is no CA certificate ${id}`);
  const issued = await clientCertificate(authority, ca, 'client of the sandbox');
  return issued === null
    ? badRequest(`ca: ${id} was uploaded, only its owner can sign for it`)
    : success(issued);
}

/** The table of routes. `:id` matches the rest of the path. */
const routes: Readonly<Record<string, Route>> = {
  'GET /clock': ({ parts }) => success(describeClock(parts.clock)),
  'POST /clock': acceptJson(ClockCommand, setClock),
  'GET /data': ({ parts }) => success(parts.world()),
  [importRoute]: ({ parts, body }) => {
    const given = parseBoundedJson(body, dataLimits);
    const problem = given.ok ? parts.importData(given.value) : describeProblem(given.error);
    return problem === null ? done : badRequest(`The sandbox data is rejected: ${problem}.`);
  },
  'POST /reset': ({ parts }) => {
    parts.loadSeed();
    return done;
  },
  'GET /seeds': () => success({ seeds: seedNames }),
  'POST /seed': acceptJson(z.strictObject({ name: z.enum(seedNames) }), ({ name }, parts) => {
    parts.loadSeed(name);
    return done;
  }),
  'POST /task-time': acceptJson(TaskTime, ({ ms }, { taskTime: taskMs }) => {
    taskMs.set(ms);
    return done;
  }),
  'GET /assumptions': ({ parts }) => success({ assumptions: parts.assumptions.rows() }),
  'PUT /assumptions': acceptJson(
    z.record(z.string(), z.union([z.string(), z.number()])),
    (values, { assumptions }) => {
      const problems = assumptions.setAll(values);
      return problems.length === 0 ? done : badRequest(problems.join(' '));
    },
  ),
  'GET /faults': ({ parts }) => success({ faults: parts.faults.list() }),
  'POST /faults': acceptJson(FaultSpec, (fault, { injector }) => {
    const injected = injector.inject(fault);
    return injected.ok ? success({ ok: true, id: injected.value }) : badRequest(injected.error);
  }),
  'DELETE /faults': ({ parts }) => {
    parts.injector.clearAll();
    return done;
  },
  'DELETE /faults/:id': ({ parts }, id) =>
    parts.injector.clear(id) ? done : { status: 404, body: { error: `There is no fault ${id}.` } },
  'GET /effects': ({ parts, query }) =>
    success(query.get('by') === 'request' ? parts.effects.requests() : parts.effects.counts()),
  'GET /log': ({ parts, query }) => success({ lines: parts.log.after(Number(query.get('after') ?? 0) || 0) }),
  'GET /addresses': ({ parts }) => success({ addresses: parts.facts().addresses }),
  'GET /client-certificate': issueClientCertificate,
  'GET /summary': ({ parts }) => {
    const { clock, taskTime: taskMs, faults, facts } = parts;
    const summary = summarize(parts.world(), {
      clock: describeClock(clock),
      taskMs: taskMs.get(),
      faults: faults.list(),
    });
    return success({ ...summary, runtimes: facts().runtimes });
  },
};

/** Handles a request whose token was valid. @param target path and query */
export function answerControl(method: string, target: string, body: string, parts: ControlParts): Answer {
  const [pathname = '', search = ''] = target.split('?', 2);
  const query = new URLSearchParams(search);
  const [, id] = /^\/faults\/([^/]+)$/.exec(pathname) ?? [];
  const key = `${method} ${id === undefined ? pathname : '/faults/:id'}`;
  const route = Object.hasOwn(routes, key) ? routes[key] : undefined;
  if (route) return route({ parts, query, body }, id ?? '');
  const known = Object.keys(routes).join(', ');
  return {
    status: 404,
    body: { error: `The control API has no ${method} ${pathname}. It has ${known}.` },
  };
}
