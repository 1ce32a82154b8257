import type { FunctionId } from '@/lib/estate/functions/function-change';
import type { PlanId } from '@/lib/plan/model/model';
import type { RunId } from '@/lib/run/model/run-id';
/*
 * The only folder that knows the durable engine (DBOS Transact, state in our own Postgres). Web processes are clients:
 * they enqueue and send messages. Worker processes, any number of them, execute the work.
 *
 * The engine gives each execution an owner: an execution that lost its work to another can no longer record anything.
 * It does not detect dead workers; `lease.ts` and `reaper.ts` do, using `recovery.ts`.
 */

/* Shared by its processes. */

export const applicationName = 'spillway';
/**
 * Work in flight is replayed step by step, so only workers of the same version recover it. A whole number: increment it
 * with every change to the handlers' work between two recorded steps, or to the order of the steps. Work of an older
 * version continues as long as a worker of that version runs, and then restarts here from its beginning: the handlers
 * know from their own records what has been done.
 */
export const engineVersion = '18';
/**
 * Runs have their own queue, so that no sync can delay a cutover. So do syncs, one per connection, test invocations,
 * which may take minutes each, reads of functions and of past requests, for which pages wait, and rehearsals, which only
 * compute. Fire drills compute for minutes: other rehearsals don't wait for them.
 */
export const queues = {
  run: 'runs',
  sync: 'syncs',
  deploy: 'chores',
  traffic: 'chores',
  testInvocation: 'testInvocations',
  functionReading: 'functions',
  functionChange: 'functions',
  trafficHistory: 'functions',
  rehearsal: 'rehearsals',
  drill: 'drills',
} as const;
/** The topic of messages to a run. */
export const controlTopic = 'control';

export const workKinds = [
  ...(['run', 'sync', 'deploy', 'traffic', 'testInvocation'] as const),
  ...(['functionReading', 'functionChange', 'trafficHistory', 'rehearsal'] as const),
] as const;
export type WorkKind = (typeof workKinds)[number];

export type RunJob = { readonly runId: RunId; readonly attempt: number };
/** Returns the id of a run's attempt in the engine. */
export function getWorkflowId({ runId, attempt }: RunJob): string {
  return `${runId}.${attempt}`;
}

export type SyncJob = { readonly connectionId: string };
export type DeployJob = { readonly deploymentId: string };
export type TrafficJob = { readonly planId: PlanId };
/** A part of a function that a page shows: the key of its stored row. */
export type FunctionReadingJob = FunctionId & { readonly connectionId: string; readonly key: string };
/** Requests of a past event that a page shows: the key of their stored row. */
export type TrafficHistoryJob = { readonly connectionId: string; readonly key: string };
export type FunctionChangeJob = { readonly changeId: string };
export type RehearsalJob = { readonly rehearsalId: string };
export type TestInvocationJob = { readonly testInvocationId: string };
