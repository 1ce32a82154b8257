import { CapacityScenario, type CapacityScenarioInput } from '@/lib/capacity/scenario/scenario';
import { type Cutover, defaultGuards } from '@/lib/diversion/cutover';
import type { Diversion } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import type { RehearsalConditions } from '@/lib/rehearsal/conditions';
import { type RehearsalInput, RehearsalSettings } from '@/lib/rehearsal/input';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testSplit } from '@/testing/plan/test-estate';

/** T0 of a test rehearsal, an hour before its T1. */
export const rehearsalT0 = Date.parse('2026-12-12T00:00:00Z');
const minuteMs = 60_000;

/** Returns a schedule with a short prewarm and an hour between T0 and T1. */
export function rehearsalCutover(change: Partial<Cutover> = {}): Cutover {
  return {
    t0: new Date(rehearsalT0).toISOString(),
    prewarmS: 300,
    t1: new Date(rehearsalT0 + 60 * minuteMs).toISOString(),
    zone: 'Asia/Jakarta',
    missedT0: { kind: 'skip' },
    guards: [...defaultGuards],
    ...change,
  };
}

/** Returns a load that servers and the function of the test estate serve with ease: 200 requests per second. */
export function rehearsalScenario(change: Partial<CapacityScenarioInput> = {}): CapacityScenario {
  return CapacityScenario.parse({
    durationS: 3600,
    demand: { kind: 'constant', rps: 200 },
    cvm: { servers: 1, each: { kind: 'rate', rps: 1000, latencyMs: 50 } },
    functions: [
      {
        name: 'storefront',
        region: 'ap-singapore',
        memoryMb: 128,
        duration: { kind: 'lognormal', meanMs: 80, p95Ms: 150 },
      },
    ],
    regions: [{ region: 'ap-singapore', quotaMb: 64_000 }],
    balancers: { cvm: { name: 'lb-cvm', region: 'ap-singapore', spec: '' } },
    assumptions: { 'clb.sharedBeyond': 'served' },
    ...change,
  });
}

/** The input of a test rehearsal that differs from the defaults. */
export type RehearsalGiven = {
  readonly estate?: Estate;
  readonly diversion?: Diversion;
  readonly cutover?: Cutover | null;
  readonly scenario?: CapacityScenario;
  /** The time for which the plan expects clients to keep a connection, in seconds. */
  readonly keepAliveS?: number;
  readonly settings?: Partial<Omit<RehearsalInput, 'scenario'>>;
};

/** Returns the input of a rehearsal: by default a Split of the test estate for an hour, without faults. */
export function testRehearsal({
  estate = testEstate(),
  diversion = testSplit(),
  cutover = rehearsalCutover(),
  scenario = rehearsalScenario(),
  keepAliveS = 75,
  settings = {},
}: RehearsalGiven = {}): RehearsalInput {
  const planned = createTestPlan({ estate, diversion, keepAliveS });
  return {
    ...RehearsalSettings.parse({ scenario, ...settings }),
    plan: planned,
    cutover,
    guards: cutover?.guards ?? [],
    estate,
    keepAliveS,
  };
}

/** Returns conditions without rules, freezes, a pause or notes, but for what differs. */
export function testConditions(change: Partial<RehearsalConditions> = {}): RehearsalConditions {
  return {
    safety: {
      rules: [],
      freezes: [],
      isPaused: false,
      otherRuns: [],
      approvals: 0,
      pastWrites: [],
      isFailover: false,
    },
    freezes: [],
    stop: null,
    blocked: null,
    notes: [],
    ...change,
  };
}
