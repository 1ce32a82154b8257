import { z } from 'zod';
import { RehearsalNote } from '@/lib/rehearsal/conditions';
import { rehearsalCommandKinds, rehearsalFaultKinds } from '@/lib/rehearsal/input';
import { failureCauses } from '@/lib/rehearsal/traffic/outcomes';
import { runStates } from '@/lib/run/model/model';

/**
 * The report of a rehearsal: plain JSON, bounded in size. It has no texts: pages word `code` with `values`. Instants are
 * ISO 8601 of the rehearsal's own clock; the same input and seed give the same report, to the byte.
 */

const Instant = z.string();
const Values = z.record(z.string(), z.union([z.string(), z.number()]));
/** A message by its code, with its values. */
const Coded = z.object({ code: z.string(), values: Values });
const count = z.number();
const share = z.number();

/** Kinds of goals, in the order of `RehearsalGoals`; `ended` = the run ends as its schedule says. */
export const goalKinds = ['ended', 'lostShare', 'waitP95Ms', 'movedWithinS', 'latenessMs', 'cost'] as const;

export const RehearsalGoalResult = z.object({
  kind: z.enum(goalKinds),
  /** The limit; null for `ended`. */
  limit: z.number().nullable(),
  /** null = there was nothing to measure. */
  measured: z.number().nullable(),
  isMet: z.boolean(),
});
export type RehearsalGoalResult = z.infer<typeof RehearsalGoalResult>;

/** An event of the run, in the order of the journal. */
export const TimelineEntry = z.object({
  at: Instant,
  /** Seconds after T0; negative = before. */
  atS: z.number(),
  direction: z.enum(['apply', 'rollback']),
  /** The type of the run's event, or `fault` and `faultEnded`. */
  code: z.string(),
  /** null = it belongs to no step. */
  stepId: z.string().nullable(),
  values: Values,
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** Names of the series, each with one number per bucket. */
export const seriesNames = [
  /** Requests per second that clients want; that are sent, with retries; that are served; that fail. */
  ...['offered', 'attempts', 'served', 'failed'],
  /** The share of the requests that the configuration sends to functions now, and that which gets there. */
  ...['intendedShare', 'functionShare'],
  /** The share of the clients whose answers are those of the name servers. */
  'movedShare',
  /** Waits, in ms. */
  ...['waitP50Ms', 'waitP95Ms', 'waitP99Ms'],
  /** Requests that wait at servers. */
  'queued',
  /** Instances of functions, and requests that they work on. */
  ...['provisioned', 'onDemand', 'busy', 'coldStarts'],
  /** The cost up to the end of the bucket. */
  'cost',
] as const;
export type ReportSeriesName = (typeof seriesNames)[number];

const Column = z.array(z.number());

export const ReportSeries = z.object({
  /** The beginning of the first bucket, in seconds after T0. */
  fromS: z.number(),
  /** The length of a bucket, in seconds. */
  stepS: z.number(),
  columns: z.record(z.string(), Column),
  /** Failed attempts per second by cause; only the causes that occur. */
  failedBy: z.partialRecord(z.enum(failureCauses), Column),
});
export type ReportSeries = z.infer<typeof ReportSeries>;

/** The errors of one cause as one kind of observer saw them. */
export const ReportError = z.object({
  cause: z.string(),
  seenBy: z.enum(['clients', 'probes', 'run']),
  /** Attempts, probes or calls. */
  count,
  /** Of all that this observer sent. */
  share,
  firstAtS: z.number(),
  lastAtS: z.number(),
  /** The host, step or action that saw most of them. */
  where: z.string(),
});
export type ReportError = z.infer<typeof ReportError>;

/** The time from the last change of DNS until a share of the clients has followed, in seconds; null = not until the end. */
export const Convergence = z.object({
  /** The last change of DNS of this direction, in seconds after T0; null = there was none. */
  changedAtS: z.number().nullable(),
  moved: z.array(z.object({ share, afterS: z.number().nullable() })),
  /** The time from which no request goes to the old addresses, in seconds after T0; null = not until the end. */
  drainedAtS: z.number().nullable(),
});
export type Convergence = z.infer<typeof Convergence>;

export const faultAnswers = [
  /** The run went on without noticing. */
  'unnoticed',
  /** It had nothing to hit. */
  'noTarget',
  'retried',
  'recovered',
  'workerReplaced',
  'stopped',
  'rolledBack',
  /** Calls or probes failed, and the run went on. */
  'failedCalls',
] as const;

export const FaultReport = z.object({
  kind: z.enum(rehearsalFaultKinds),
  atS: z.number(),
  forS: z.number(),
  /** In the unit of the kind, as in `RehearsalFault`. */
  amount: z.number(),
  /** The object that it hit: a function, a server, a name; '' = the account or the worker. null = nothing. */
  object: z.string().nullable(),
  answer: z.enum(faultAnswers),
  values: Values,
  /** Attempts of clients that failed from its beginning until a minute after its end. */
  failedRequests: count,
});
export type FaultReport = z.infer<typeof FaultReport>;

const commandAnswers = [
  /** The state of the run doesn't allow it. */
  'refused',
  /** The run has ended before it noticed, or has received it already. */
  'ignored',
  'paused',
  'continued',
  'bakeSkipped',
  'rolledBack',
  'leftAsIs',
  'retried',
] as const;

/** A command of the rehearsal, and how the run answered. */
export const CommandReport = z.object({
  kind: z.enum(rehearsalCommandKinds),
  atS: z.number(),
  /** The state of the run when it was given. */
  state: z.enum(runStates),
  answer: z.enum(commandAnswers),
  /** The time until the run answered, in seconds; null = it didn't. */
  afterS: z.number().nullable(),
  /** Of a rollback: the time from the command until it was complete, in seconds; null = it wasn't. */
  completeAfterS: z.number().nullable(),
  /** Attempts of clients that failed from then until a minute after the answer, or after the rollback was complete. */
  failedRequests: count,
});
export type CommandReport = z.infer<typeof CommandReport>;

/** The places where a change is made: the capacity page, the diversion, its schedule, the account. */
const changePlaces = ['capacity', 'diversion', 'schedule', 'account'] as const;

export const RehearsalChange = z.object({ code: z.string(), place: z.enum(changePlaces), values: Values });
export type RehearsalChange = z.infer<typeof RehearsalChange>;

const CostLine = z.object({
  item: z.string(),
  name: z.string(),
  region: z.string(),
  quantity: z.number(),
  amount: z.number(),
});

export const RehearsalReport = z.object({
  format: z.literal(1),
  seed: z.number(),
  startedAt: Instant,
  endedAt: Instant,
  t0: Instant,
  t1: Instant.nullable(),
  /** `missed` = a goal is not met. */
  verdict: z.enum(['met', 'missed']),
  goals: z.array(RehearsalGoalResult),
  run: z.object({
    state: z.enum(runStates),
    latenessMs: z.number().nullable(),
    /** The reason of a rollback or a stop; null = neither. */
    rollback: Coded.nullable(),
    stopped: Coded.nullable(),
    events: count,
  }),
  timeline: z.array(TimelineEntry),
  /** Events that the timeline leaves out, by code. */
  omitted: z.record(z.string(), z.number()),
  series: ReportSeries,
  totals: z.object({
    offered: count,
    attempts: count,
    served: count,
    failed: count,
    lost: count,
    /** Failed requests that clients would have sent again after the end. */
    pending: count,
    lostShare: share,
    failedBy: z.partialRecord(z.enum(failureCauses), count),
    coldStarts: count,
    peakRps: z.number(),
    peakWaitP95Ms: z.number(),
    peakQueued: z.number(),
    peakInstances: z.number(),
  }),
  errors: z.array(ReportError),
  /** After T0, and after the rollback. */
  convergence: z.object({ apply: Convergence, rollback: Convergence }),
  cost: z
    .object({
      currency: z.string(),
      total: z.number(),
      low: z.number(),
      high: z.number(),
      lines: z.array(CostLine),
      /** Parts without a price. */
      unknown: z.array(z.object({ why: z.string(), of: z.string() })),
    })
    .nullable(),
  faults: z.array(FaultReport),
  commands: z.array(CommandReport),
  /** The reasons why a real run would not start, although the rehearsal did. */
  notes: z.array(RehearsalNote),
  /** The changes that would help, the most effective first. */
  changes: z.array(RehearsalChange),
  hosts: z.array(z.string()),
});
export type RehearsalReport = z.infer<typeof RehearsalReport>;
