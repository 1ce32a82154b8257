/*
 * The only folder that knows the durable engine (DBOS Transact, state in our own Postgres).
 * Web processes are clients: they enqueue and send messages. Worker processes, any number of them, run the work.
 *
 * The engine gives each execution an owner: one that lost its work to another can record nothing any more. What it lacks
 * for several workers is to notice that one is gone: `lease.ts` and `reaper.ts` do, by what `recovery.ts` offers.
 */

/* Here: what its processes have in common. */

export const applicationName = 'spillway';
/**
 * Work in flight is replayed step by step, so only workers of the same version take it over. A whole number: raise it
 * with every change to what the handlers do between two recorded steps, or to the order of those. Work of an older
 * version goes on there as long as a worker of that version runs, and then here, from its beginning: the handlers know
 * by their own records what has been done.
 */
export const engineVersion = '10';
/**
 * Runs have a queue of their own, so that no sync can keep a cutover waiting; and so have syncs, one per connection, and
 * trials, each of which may take minutes.
 */
export const queues = {
  run: 'runs',
  sync: 'syncs',
  deploy: 'chores',
  traffic: 'chores',
  trial: 'trials',
} as const;
/** Of the messages to a run. */
export const controlTopic = 'control';

export const workKinds = ['run', 'sync', 'deploy', 'traffic', 'trial'] as const;
export type WorkKind = (typeof workKinds)[number];

export type RunJob = { readonly runId: string; readonly attempt: number };
export type SyncJob = { readonly connectionId: string };
export type DeployJob = { readonly deploymentId: string };
export type TrafficJob = { readonly planId: string };
export type TrialJob = { readonly trialId: string };
