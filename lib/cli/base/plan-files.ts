import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { PlanDescription } from '@/lib/contract/plan-description';
import { type Client, RefusedCall } from './client';
import { CliError, exitCodes } from './exit-codes';
import type { ReadFile } from './read-diversion-file';

/** A plan in words, as the API describes it. */
export const Description: z.ZodType<PlanDescription> = z.object({
  name: z.string(),
  kind: z.string(),
  connectionId: z.string(),
  planId: z.string().nullable(),
  diversionId: z.string().nullable(),
  hash: z.string().nullable(),
  effects: z.string(),
  steps: z.array(z.object({ id: z.string(), text: z.string() })),
  rollback: z.array(z.object({ id: z.string(), text: z.string() })),
  findings: z.array(
    z.object({
      check: z.string(),
      status: z.enum(['pass', 'warn', 'block', 'unknown']),
      isBlocking: z.boolean(),
      text: z.string(),
      source: z.string(),
      acknowledgement: z.custom<PlanDescription['findings'][number]['acknowledgement']>().optional(),
    }),
  ),
  isBlocked: z.boolean(),
});

/** A diversion file with its plan on the newest snapshot. */
export type PlannedFile = { readonly source: ReadFile; readonly plan: PlanDescription };

/** Names the lines of a file that the server refuses. */
function atLines({ file, findLine }: ReadFile, error: RefusedCall): CliError {
  const { errors } = error.problem;
  if (errors.length === 0)
    return new CliError(error.exitCode, `${file}: ${error.problem.detail}`, error.problem.fix);
  const lines = errors.map(({ field: path, detail }) => {
    const field = path.replace(/^diversion\./, '');
    const line = findLine(field);
    return `${file}${line === null ? '' : `:${line}`}: diversion.${field}: ${detail}`;
  });
  return new CliError(error.exitCode, lines.join('\n'));
}

/** Plans a diversion file on the newest snapshot; nothing is stored. */
export async function previewFile(client: Client, source: ReadFile): Promise<PlannedFile> {
  const { connection: connectionId, diversion, id: diversionId = null } = source;
  try {
    const body = { connectionId, diversion, diversionId };
    return { source, plan: await client.read('/plans/preview', Description, { method: 'POST', body }) };
  } catch (error) {
    throw error instanceof RefusedCall ? atLines(source, error) : error;
  }
}

/** The file that `plan --out` writes and `apply --plan` compares: what each diversion file did when it was reviewed. */
const ReviewedPlans = z.object({
  version: z.literal(1),
  plans: z.array(z.object({ file: z.string(), connection: z.string(), effects: z.string() })),
});

/** Writes the file of reviewed plans. */
export function writeReviewed(planned: readonly PlannedFile[]): string {
  const plans = planned.map(({ source: { file, connection }, plan: { effects } }) => ({
    file,
    connection,
    effects,
  }));
  return `${JSON.stringify({ version: 1, plans }, null, 2)}\n`;
}

/** Reads the file of reviewed plans: the effects by diversion file. */
export function readReviewed(cwd: string, name: string): ReadonlyMap<string, string> {
  try {
    const { plans } = ReviewedPlans.parse(JSON.parse(readFileSync(resolve(cwd, name), 'utf8')));
    return new Map(plans.map(({ file, effects }) => [file, effects]));
  } catch {
    throw new CliError(
      exitCodes.invalid,
      `${name} was not written by \`spillway plan --out\`.`,
      'Plan again.',
    );
  }
}
