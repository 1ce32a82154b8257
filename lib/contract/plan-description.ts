import type { Acknowledgement } from '@/lib/diversion/acknowledgement';

/** A step in words. */
export type DescribedStep = { readonly id: string; readonly text: string };

/** A finding of the preflight in words. `isBlocking`: the plan can't be applied. */
export type DescribedFinding = {
  readonly check: string;
  readonly status: 'pass' | 'warn' | 'block' | 'unknown';
  readonly isBlocking: boolean;
  readonly text: string;
  readonly source: string;
  /** The entry of the diversion's `acknowledged` that accepts this outage; absent where none does. */
  readonly acknowledgement?: Acknowledgement | undefined;
};

/** A plan in words, for people and programs without the dashboard. */
export type PlanDescription = {
  readonly name: string;
  readonly kind: string;
  readonly connectionId: string;
  /** The stored plan; null = nothing is stored. */
  readonly planId: string | null;
  readonly diversionId: string | null;
  /** The hash that an approval and `apply` name; null = nothing is stored. */
  readonly hash: string | null;
  /** The hash of what it does. The same intent on the same state has the same one, whenever it is planned. */
  readonly effects: string;
  readonly steps: readonly DescribedStep[];
  readonly rollback: readonly DescribedStep[];
  readonly findings: readonly DescribedFinding[];
  readonly isBlocked: boolean;
};

const headings = { block: 'Blocks', unknown: 'Unknown', warn: 'Warnings' } as const;

/** Makes a text safe as Markdown: names and messages of others must not become links, images or HTML. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#!~]/g, (special) => `\\${special}`).replace(/\s+/g, ' ');
}

const writeSteps = (steps: readonly DescribedStep[]) =>
  steps.map(({ text }, index) => `${index + 1}. ${escapeMarkdown(text)}`);

/** Writes a plan as Markdown, as for a comment on a pull request. */
export function writePlanMarkdown(plan: PlanDescription): string {
  const { name, kind, connectionId, planId, steps, rollback, findings, isBlocked, effects } = plan;
  const title = `### ${escapeMarkdown(name)}${planId === null ? '' : ` (${planId})`}`;
  const verdict = isBlocked
    ? '**Blocked.** The plan can’t be applied.'
    : steps.length === 0
      ? '**No changes.** The estate already matches.'
      : `**${steps.length} ${steps.length === 1 ? 'step' : 'steps'}** to apply, ${rollback.length} to roll back.`;
  const lines = [title, '', `${escapeMarkdown(kind)} on \`${connectionId.replaceAll('`', '')}\`. ${verdict}`];
  for (const status of ['block', 'unknown', 'warn'] as const) {
    const found = findings.filter((finding) => finding.status === status);
    if (found.length === 0) continue;
    lines.push('', `**${headings[status]}**`, '');
    for (const { check, text, source } of found)
      lines.push(`- ${escapeMarkdown(check)}: ${escapeMarkdown(text)} ([rule](${source}))`);
  }
  if (steps.length > 0) lines.push('', '**Apply**', '', ...writeSteps(steps));
  if (rollback.length > 0)
    lines.push('', '<details><summary>Rollback</summary>', '', ...writeSteps(rollback), '', '</details>');
  lines.push('', `Effects: \`${effects}\``, '');
  return lines.join('\n');
}
