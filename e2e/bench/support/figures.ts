import { writeFileSync } from 'node:fs';

/** One measured figure. `met` is null if there is no goal, or nothing to measure against. */
export type Figure = {
  readonly figure: string;
  readonly value: number | null;
  readonly unit: string;
  readonly goal: string;
  readonly met: boolean | null;
};

type Goal = { readonly least: number } | { readonly most: number } | null;

/**
 * Returns a figure compared with its goal. `value` null: it could not be measured here, and `why` is shown in place of
 * the goal.
 */
export function figure(name: string, value: number | null, unit: string, goal: Goal, why = ''): Figure {
  const text = goal === null ? '' : 'least' in goal ? `≥ ${goal.least}` : `< ${goal.most}`;
  const isMeasured = value !== null && goal !== null;
  const met = !isMeasured ? null : 'least' in goal ? value >= goal.least : value < goal.most;
  return { figure: name, value, unit, goal: [text, why].filter(Boolean).join(', '), met };
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}

/** Prints a table, and writes the figures as JSON if a file was requested (`--json FILE`). */
export function report(title: string, figures: readonly Figure[], jsonFile: string | undefined): void {
  console.log(`\n${title}`);
  console.table(
    figures.map(({ figure: name, value, unit, goal, met }) => ({
      figure: name,
      value: value === null ? 'not measured' : `${rounded(value)} ${unit}`.trim(),
      goal,
      met: met === null ? '' : met ? 'yes' : 'no',
    })),
  );
  if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify(figures, null, 2)}\n`);
}

/** Returns the value below which `share` of the sorted values are. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
