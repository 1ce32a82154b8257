import { z } from 'zod';
import { eventMaxS } from '@/lib/capacity/demand/demand';
import { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import type { Cutover, Guard } from '@/lib/diversion/cutover';
import type { Estate } from '@/lib/estate/model';
import type { Plan } from '@/lib/plan/model/model';
import { liveCommands } from '@/lib/run/model/model';
import type { RehearsalConditions } from './conditions';

/** The clients of a rehearsal, and the resolvers that they ask. */
export const Population = z.object({
  /** Resolvers that the clients share. */
  resolvers: z.number().int().min(1).max(500).default(60),
  /**
   * The exponent of Zipf's law by which resolvers have clients: the n-th largest has a share in proportion to 1/n^zipf.
   * 0 = all have the same share.
   */
  zipf: z.number().min(0).max(3).default(1),
  /** Clients that keep a DNS answer longer than its TTL allows, or whose resolver does. */
  overstay: z
    .object({
      /** Their share of all clients, from 0 to 1. */
      share: z.number().min(0).max(1),
      /** They keep an answer for at least this long, in seconds. */
      seconds: z.number().int().min(1).max(86_400),
    })
    .default({ share: 0.05, seconds: 900 }),
  keepAlive: z
    .object({
      /** The share of requests on connections that were open before the client's address changed, from 0 to 1. */
      share: z.number().min(0).max(1),
      /** The longest time that a client keeps a connection, in seconds. */
      seconds: z.number().int().min(0).max(86_400),
    })
    .default({ share: 0.5, seconds: 75 }),
  retry: z
    .object({
      /** The share of failed requests that are sent again, from 0 to 1. */
      share: z.number().min(0).max(1),
      /** The number of times that a request is sent again, at most. */
      attempts: z.number().int().min(0).max(5),
      /** The pause before the first of them, in seconds; it doubles with each. */
      backoffS: z.number().min(0.1).max(60),
    })
    .default({ share: 0.7, attempts: 2, backoffS: 1 }),
});
export type Population = z.infer<typeof Population>;

/** The kinds of faults that a rehearsal may meet. */
export const rehearsalFaultKinds = [
  /** Some calls of the cloud's API fail with an internal error. */
  'apiErrors',
  /** Some calls are refused for their rate, as when someone else uses the account. */
  'apiThrottled',
  /** A gateway in front of the API answers all calls with 502. */
  'apiDown',
  /** The response to a write is lost, and the client waits for its timeout. */
  'responseLost',
  /** Tasks of load balancers take long. */
  'slowTasks',
  /** A task of a load balancer fails. */
  'taskFails',
  /** Someone else changes a record that the plan moves. */
  'foreignEdit',
  /** The worker that executes the run ends, and another one takes over. */
  'workerCrash',
  /** The worker's clock is set forward or back. */
  'clockJump',
  /** A function of the plan fails. */
  'functionFails',
  /** A server of the plan does not respond. */
  'serverDown',
  /** Resolvers of some clients, and of the probes, do not answer. */
  'resolverOutage',
] as const;
export const RehearsalFaultKind = z.enum(rehearsalFaultKinds);
export type RehearsalFaultKind = z.infer<typeof RehearsalFaultKind>;

/** A fault with its time. */
export const RehearsalFault = z.object({
  kind: RehearsalFaultKind,
  /** Seconds after T0; negative = before. */
  atS: z.number().min(-eventMaxS).max(eventMaxS),
  /** 0 = it happens once. */
  forS: z.number().min(0).max(eventMaxS),
  /**
   * In the unit of the kind: % of the calls (`apiErrors`, `apiThrottled`), responses (`responseLost`), tasks (`taskFails`),
   * seconds that a task takes (`slowTasks`), by which the clock is set (`clockJump`) or of the record's new TTL
   * (`foreignEdit`), % of the clients (`resolverOutage`). Other kinds have none.
   */
  amount: z.number().min(-86_400).max(86_400),
  /** Chooses among the objects that it can hit: any whole number. */
  object: z.number().int().min(0).default(0),
});
export type RehearsalFault = z.infer<typeof RehearsalFault>;

/** The faults of a rehearsal: drawn from its seed out of some kinds, and those given with their times. */
const FaultChoice = z.object({
  kinds: z.array(RehearsalFaultKind).default([]),
  /** The number of drawn faults. */
  count: z.number().int().min(0).max(50).default(0),
  given: z.array(RehearsalFault).max(50).default([]),
});
export type FaultChoice = z.infer<typeof FaultChoice>;

/** The commands that an operator can give in a rehearsal: the same as of a run. */
export const rehearsalCommandKinds = liveCommands;
const RehearsalCommandKind = z.enum(rehearsalCommandKinds);
export type RehearsalCommandKind = z.infer<typeof RehearsalCommandKind>;

/** The maximum number of commands of a rehearsal. */
export const rehearsalCommandsMax = 20;

/** A command of an operator with its time. */
export const RehearsalCommand = z.object({
  /** Seconds after T0; negative = before. Commands before the beginning of the rehearsal are given at its beginning. */
  atS: z
    .number('command.time')
    .min(-86_400, 'command.time')
    .max(7 * 86_400, 'command.time'),
  kind: RehearsalCommandKind,
});
export type RehearsalCommand = z.infer<typeof RehearsalCommand>;

/** The goals of an event; null = no goal. */
export const RehearsalGoals = z.object({
  /** The share of the clients' requests that fail for good, from 0 to 1. */
  lostShare: z.number().min(0).max(1).nullable().default(0.001),
  /** The wait that 95 % of the requests don't exceed, in ms, in any minute. */
  waitP95Ms: z.number().min(0).nullable().default(500),
  /** The time after T0 by which 99 % of the clients have moved, in seconds. */
  movedWithinS: z.number().min(0).nullable().default(null),
  /** The time between T0 and the first call of the divert, in ms: it may be sent early, too, by a clock that is ahead. */
  latenessMs: z.number().min(0).nullable().default(10_000),
  /** The cost, in the currency of the scenario. */
  cost: z.number().min(0).nullable().default(null),
});
export type RehearsalGoals = z.infer<typeof RehearsalGoals>;

/** The events of a fire drill, at most: minutes of a core for an event of hours. */
const drillEventsMax = 100;
/** The settings of a rehearsal: everything but the plan and the snapshot. */
export const RehearsalSettings = z.object({
  /**
   * The load, and the capacity of servers and functions. Names, numbers, memory and limits of servers and functions are
   * the snapshot's. T0 is at its first change of shares, or at `startsAt` if that is given.
   */
  scenario: CapacityScenario,
  population: Population.prefault({}),
  /** The part of the requests that each host gets, relative to the others; those that are missing have 1. */
  hostWeights: z.record(z.string(), z.number().positive()).default({}),
  faults: FaultChoice.prefault({}),
  /** The commands of operators during the run. */
  commands: z.array(RehearsalCommand).max(rehearsalCommandsMax).default([]),
  goals: RehearsalGoals.prefault({}),
  /** The same seed and input give the same report, to the byte. */
  seed: z
    .number('rehearsal.seed')
    .int('rehearsal.seed')
    .min(0, 'rehearsal.seed')
    .max(0xffffffff, 'rehearsal.seed')
    .default(1),
  /** The number of events: 1, or more for a fire drill, with the seeds from `seed` on. */
  events: z
    .number('rehearsal.events')
    .int('rehearsal.events')
    .min(1, 'rehearsal.events')
    .max(drillEventsMax, 'rehearsal.events')
    .default(1),
  /** The time from the beginning of the rehearsal until prewarm, in seconds; without a schedule there is none. */
  leadS: z.number().int().min(0).max(86_400).default(300),
  /** The delay of the cloud's monitoring, in seconds: an assumption. */
  monitorDelayS: z.number().int().min(0).max(600).default(60),
});
export type RehearsalSettings = z.infer<typeof RehearsalSettings>;

/** A plan, the snapshot that it starts from, and the settings of its rehearsal. Plain JSON. */
export type RehearsalInput = RehearsalSettings & {
  readonly plan: Plan;
  /** null = at once; T0 is then the beginning. */
  readonly cutover: Cutover | null;
  readonly guards: readonly Guard[];
  /** A snapshot, joined if the plan spans several accounts. */
  readonly estate: Estate;
  /** Absent = no safety rules, freezes or pause, and no notes. */
  readonly conditions?: RehearsalConditions;
  /** The time for which clients keep a connection, as in the creation of the plan, in seconds. */
  readonly keepAliveS: number;
};
