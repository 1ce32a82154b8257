import 'server-only';
import { z } from 'zod';
import { sandboxFileMax } from '@/lib/input/import-limits';
import { acknowledgeAlert, reopenAlert } from '@/lib/server/alerts/acknowledge-alert';
import { listAudit } from '@/lib/server/audit/list-audit';
import { getHealth } from '@/lib/server/operations/get-health';
import { getMetrics } from '@/lib/server/operations/get-metrics';
import { getRail } from '@/lib/server/operations/get-rail';
import { noteRoute, showChecklist } from '@/lib/server/overview/change-checklist';
import { getOverview } from '@/lib/server/overview/get-overview';
import { getRunbook } from '@/lib/server/runbook/get-runbook';
import { commandSandbox } from '@/lib/server/sandbox/command-sandbox';
import { exportSandboxData } from '@/lib/server/sandbox/export-sandbox-data';
import { getSandbox } from '@/lib/server/sandbox/get-sandbox';
import { importSandboxData } from '@/lib/server/sandbox/import-sandbox-data';
import { searchObjects } from '@/lib/server/search/search-objects';
import type { Operation } from './operation';

const alert = { subject: { kind: 'run', id: 'R-0001' }, occurrence: '1' };

/** The overview, alerts, health and the sandbox. */
export const systemOperations = [
  {
    name: 'overview.get',
    method: 'GET',
    path: '/overview',
    summary: 'Returns the overview over all accounts',
    run: getOverview,
  },
  {
    name: 'navigation.count',
    method: 'GET',
    path: '/counts',
    summary: 'Returns the numbers of the navigation, and the open alerts',
    run: getRail,
  },
  {
    name: 'object.search',
    method: 'GET',
    path: '/search',
    summary: 'Searches diversions, plans, runs, Switches and objects of all accounts',
    run: searchObjects,
  },
  {
    name: 'alert.acknowledge',
    method: 'POST',
    path: '/alerts/acknowledge',
    summary: 'Acknowledges an alert',
    run: acknowledgeAlert,
    example: { ...alert, reason: 'On it.' },
  },
  {
    name: 'alert.reopen',
    method: 'POST',
    path: '/alerts/reopen',
    summary: 'Withdraws an acknowledgement',
    run: reopenAlert,
    example: alert,
  },
  {
    name: 'runbook.get',
    method: 'GET',
    path: '/runbook',
    summary: 'Returns the runbook',
    run: getRunbook,
  },
  {
    name: 'checklist.noteRoute',
    method: 'POST',
    path: '/connections/{connectionId}/first-steps/route',
    summary: 'Records that a route of the estate was opened',
    run: noteRoute,
    example: { node: 'rule/loc-shop' },
  },
  {
    name: 'checklist.show',
    method: 'PUT',
    path: '/first-steps',
    summary: 'Hides the first steps on the start page, or shows them again',
    run: showChecklist,
    example: { isShown: false },
  },
  {
    name: 'audit.list',
    method: 'GET',
    path: '/audit',
    summary:
      'Returns a page of the audit log, the newest entries first; `next` is the `before` of the next page',
    run: listAudit,
    answer: z.looseObject({
      entries: z.array(z.looseObject({ seq: z.number(), at: z.iso.datetime(), hash: z.string() })),
      next: z.number().nullable(),
    }),
  },
  {
    name: 'health.get',
    method: 'GET',
    path: '/health',
    summary: 'Returns the health of all parts',
    run: getHealth,
  },
  {
    name: 'metrics.get',
    method: 'GET',
    path: '/metrics',
    summary: 'Returns the metrics in the text format of Prometheus',
    run: getMetrics,
    isResult: true,
    text: (metrics: { readonly type: string; readonly text: string }) => metrics,
  },
  {
    name: 'sandbox.get',
    method: 'GET',
    path: '/sandbox',
    summary: 'Returns the state of the sandbox',
    run: getSandbox,
  },
  {
    name: 'sandbox.command',
    method: 'POST',
    path: '/sandbox/command',
    summary: 'Gives the sandbox a command, such as to inject a fault',
    run: commandSandbox,
    example: { kind: 'clearAllFaults' },
  },
  {
    name: 'sandbox.export',
    method: 'GET',
    path: '/sandbox/data',
    summary: 'Exports the sandbox data',
    run: exportSandboxData,
    isResult: true,
    text: ({ json, fileName }: { readonly json: string; readonly fileName: string }) => ({
      text: json,
      type: 'application/json',
      fileName,
    }),
  },
  {
    name: 'sandbox.import',
    method: 'PUT',
    path: '/sandbox/data',
    summary: 'Replaces the sandbox data by an exported file',
    run: importSandboxData,
    file: { bytesMax: sandboxFileMax, schema: () => z.toJSONSchema(z.looseObject({})) },
  },
] as const satisfies readonly Operation[];
