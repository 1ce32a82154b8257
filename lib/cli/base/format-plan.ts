import type { PlanDescription } from '@/lib/api/plan-description';
import { toPlain } from './terminal';

const marks = { pass: 'pass', warn: 'warn', block: 'BLOCK', unknown: 'UNKNOWN' } as const;

/** Writes the findings of a plan that are no pass, and the number of those that are. */
export function formatFindings({ findings, isBlocked }: PlanDescription): string {
  const shown = findings.filter(({ status }) => status !== 'pass');
  const lines = shown.flatMap(({ status, isBlocking, check, text, source, acknowledgement }) => [
    `  ${marks[status].padEnd(8)}${toPlain(check)}: ${toPlain(text)}`,
    `          ${source}`,
    ...(isBlocking && acknowledgement
      ? [`          To accept this, add to acknowledged: ${toPlain(JSON.stringify(acknowledgement))}`]
      : []),
  ]);
  const passed = findings.length - shown.length;
  const verdict = isBlocked ? 'The preflight blocks this plan.' : 'The preflight allows this plan.';
  return `${[...lines, `${verdict} ${passed} of ${findings.length} checks passed.`].join('\n')}\n`;
}

/** Writes a plan: its steps and its findings. */
export function formatPlan(plan: PlanDescription): string {
  const { name, kind, connectionId, planId, diversionId, hash, effects, steps, revert } = plan;
  const list = (title: string, of: PlanDescription['steps']) =>
    of.length === 0 ? [] : [title, ...of.map(({ id, text }) => `  ${id.padEnd(5)} ${toPlain(text)}`)];
  const head = [`${toPlain(name)} (${kind} on ${toPlain(connectionId)})`];
  if (planId !== null) head.push(`plan ${planId} of ${diversionId}, hash ${hash}`);
  const body = steps.length === 0 ? ['No changes: the estate already matches.'] : list('Apply', steps);
  return `${[...head, ...body, ...list('Rollback', revert)].join('\n')}\n${formatFindings(plan)}effects ${effects}\n`;
}
