import 'server-only';
import { z } from 'zod';
import { DiversionId } from '@/lib/diversion/diversion';
import { PlanId } from '@/lib/plan/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { listProbeTargets } from '@/lib/server/probes/list-targets';
import { reportProbes } from '@/lib/server/probes/report-probes';
import { cancelSchedule, rescheduleRun } from '@/lib/server/runs/change-schedule';
import { commandRun } from '@/lib/server/runs/command-run';
import { getRunConvergence } from '@/lib/server/runs/get-convergence';
import { getRunForecast } from '@/lib/server/runs/get-forecast';
import { getRun } from '@/lib/server/runs/get-run';
import { getRunCharts } from '@/lib/server/runs/get-run-charts';
import { exportRunRecord } from '@/lib/server/runs/get-run-record';
import { getSchedule } from '@/lib/server/runs/get-schedule';
import { replanRun } from '@/lib/server/runs/replan-run';
import { exampleCutover } from './example-cutover';
import type { Operation } from './operation';

/** The fields of a step that programs rely on. */
const StepFields = z.looseObject({ state: z.string() });

/** The fields of a run that programs rely on. */
const RunFields = z.looseObject({
  id: RunId,
  planId: PlanId,
  diversionId: DiversionId,
  name: z.string(),
  state: z.string(),
  direction: z.enum(['apply', 'rollback']),
  actor: z.string(),
  startedAt: z.iso.datetime().nullable(),
  isCanceled: z.boolean(),
  apply: z.array(StepFields),
  rollback: z.array(StepFields),
});

/** Runs and the schedule. */
export const runOperations = [
  {
    name: 'schedule.get',
    method: 'GET',
    path: '/schedule',
    summary: 'Returns upcoming, running, stopped and finished cutovers, with freezes and conflicts',
    run: getSchedule,
    answer: z.looseObject({ now: z.iso.datetime(), cutovers: z.array(z.looseObject({ runId: RunId })) }),
  },
  {
    name: 'run.get',
    method: 'GET',
    path: '/runs/{runId}',
    summary: 'Returns a run in its current state, with its steps',
    run: getRun,
    answer: RunFields,
  },
  {
    name: 'run.getCharts',
    method: 'GET',
    path: '/runs/{runId}/charts',
    summary: 'Returns the measurements of a run',
    run: getRunCharts,
  },
  {
    name: 'run.getConvergence',
    method: 'GET',
    path: '/runs/{runId}/convergence',
    summary: 'Returns what resolvers and agents have answered about the names that a run moves',
    run: getRunConvergence,
    answer: z.looseObject({
      state: z.enum(['off', 'none', 'waiting', 'on', 'over']),
      share: z.number().nullable(),
      points: z.array(z.looseObject({ at: z.iso.datetime(), current: z.int(), stale: z.int() })),
    }),
  },
  {
    name: 'run.getForecast',
    method: 'GET',
    path: '/runs/{runId}/forecast',
    summary: 'Returns what the capacity model expects of a run, and how far measurements deviate from it',
    run: getRunForecast,
  },
  {
    name: 'probe.listTargets',
    method: 'GET',
    path: '/probe-targets',
    summary: 'Returns the names and addresses that an agent is to ask now, by run',
    run: listProbeTargets,
    answer: z.object({
      everyS: z.int().nullable(),
      targets: z.array(
        z.object({
          runId: RunId,
          names: z.array(z.object({ name: z.string(), type: z.enum(['A', 'AAAA']) })),
          requests: z.array(z.object({ url: z.string(), status: z.int() })),
        }),
      ),
    }),
  },
  {
    name: 'probe.report',
    method: 'POST',
    path: '/runs/{runId}/agent-reports',
    summary: 'Reports what an agent sees of a run from its network',
    run: reportProbes,
    example: {
      agent: 'jakarta-office',
      instance: '7b1f0c1e-6f0b-4f6e-9d7c-2f1f6f0e8a52',
      dns: [{ name: 'flash.example.co.id', values: ['127.77.1.2'], ttlS: 60, failure: null }],
      http: [{ url: 'http://flash.example.co.id/', status: 200, latencyMs: 40, failure: null }],
    },
    answer: z.object({ stored: z.int() }),
  },
  {
    name: 'run.exportRecord',
    method: 'GET',
    path: '/runs/{runId}/record',
    summary:
      'Returns all evidence about a run: plan hash, approvals, events, request IDs, probes and audit entries',
    run: exportRunRecord,
    answer: z.looseObject({
      plan: z.looseObject({ id: PlanId, hash: z.string(), isIntact: z.boolean() }),
      calls: z.array(z.looseObject({ at: z.iso.datetime(), requestId: z.string() })),
    }),
  },
  {
    name: 'run.command',
    method: 'POST',
    path: '/runs/{runId}/command',
    summary: 'Holds, resumes, retries, rolls back or aborts a run',
    run: commandRun,
    example: { command: 'rollback', reason: 'The sale is over.' },
  },
  {
    name: 'run.replan',
    method: 'POST',
    path: '/runs/{runId}/replan',
    summary: 'Plans the diversion of a stopped run again from the current snapshot',
    run: replanRun,
    example: { reason: 'A rule was changed by hand.' },
    answer: z.object({ planId: PlanId }),
  },
  {
    name: 'run.reschedule',
    method: 'PUT',
    path: '/runs/{runId}/schedule',
    summary: 'Reschedules a run that has not started',
    run: rescheduleRun,
    example: { cutover: exampleCutover, reason: 'The sale starts later.' },
    answer: z.object({ runId: RunId }),
  },
  {
    name: 'run.cancelSchedule',
    method: 'POST',
    path: '/runs/{runId}/cancel',
    summary: 'Cancels the schedule of a run that has not started',
    run: cancelSchedule,
    example: { reason: 'The sale is canceled.' },
  },
] as const satisfies readonly Operation[];
