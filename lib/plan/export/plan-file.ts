import { z } from 'zod';
import { err, ok, type Result } from '@/lib/result';
import { planHash } from '../hash';
import type { Plan } from '../model';
import type { StoredPlan } from '../stored-plan';
import { planFileMax } from './plan-file-max';
import { PlanSchema } from './plan-schema';

/** The format of the files that this version writes and reads. */
const planFileFormat = 1;

const PlanFile = z
  .strictObject({
    format: z.literal(planFileFormat),
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'plan.hashForm')
      .describe('SHA-256 of the plan as JSON without spaces and with sorted names, in lower-case hex.'),
    plan: PlanSchema,
  })
  .meta({ title: 'Spillway plan', description: 'A reviewed plan, as it is exported and imported.' });

/** Why a text is no plan that can be taken. Fields are paths in the file with message keys or sentences. */
export type PlanFileProblem =
  | { readonly kind: 'tooLarge'; readonly max: number }
  | { readonly kind: 'notJson'; readonly reason: string }
  | { readonly kind: 'otherFormat'; readonly format: string }
  | { readonly kind: 'shape'; readonly fields: Readonly<Record<string, readonly string[]>> }
  | { readonly kind: 'otherHash'; readonly stated: string; readonly found: string };

/** A plan as a file: JSON that says its format and the plan's hash. */
export function writePlanFile(plan: Plan, hash: string): string {
  return `${JSON.stringify({ format: planFileFormat, hash, plan }, null, 2)}\n`;
}

/** The JSON Schema (draft 2020-12) of plan files. Beyond it: the hash, and what `planFaults` looks for. */
export function planFileSchema(): object {
  return z.toJSONSchema(PlanFile, { io: 'input' });
}

type Issue = z.core.$ZodIssue;

/** Of the shapes that something could have had, the one that it comes nearest to says what is wrong. */
function nearest(
  issue: Issue,
  above: readonly PropertyKey[] = [],
): readonly { path: string; message: string }[] {
  const path = [...above, ...issue.path];
  const branches = issue.code === 'invalid_union' ? issue.errors.filter((each) => each.length > 0) : [];
  const [best] = branches.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length);
  if (best !== undefined) return best.flatMap((inner) => nearest(inner, path));
  return [{ path: path.map(String).join('.') || 'file', message: issue.message }];
}

/** How far into the value a branch has got before it failed. */
function depth(issues: readonly Issue[]): number {
  return Math.min(...issues.map(({ path }) => path.length));
}

function fieldsOf(error: z.ZodError): Readonly<Record<string, readonly string[]>> {
  const fields: Record<string, string[]> = {};
  for (const { path, message } of error.issues.flatMap((issue) => nearest(issue))) {
    fields[path] = [...(fields[path] ?? []), message];
  }
  return fields;
}

/** A plan that was read without the fields that files of earlier versions don't have: they were not changed by them. */
function withoutFilled(plan: Plan, written: Plan): StoredPlan {
  const { expectedPeakRps, connections, ...diversion } = plan.diversion;
  const has = (name: keyof typeof plan.diversion) => name in written.diversion;
  return {
    ...plan,
    diversion: {
      ...diversion,
      ...(has('expectedPeakRps') && { expectedPeakRps }),
      ...(has('connections') && { connections }),
    },
  };
}

/**
 * Reads a plan from a file's text: JSON of our format and shape, whose hash is the one it states.
 * @returns the plan in today's shape with its hash of today, or the first thing that is wrong with the text
 */
export async function readPlanFile(
  text: string,
): Promise<Result<{ readonly plan: Plan; readonly hash: string }, PlanFileProblem>> {
  if (text.length > planFileMax) return err({ kind: 'tooLarge', max: planFileMax });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return err({ kind: 'notJson', reason: (error as Error).message });
  }
  const claimed = z.object({ format: z.unknown() }).safeParse(json);
  if (claimed.success && claimed.data.format !== undefined && claimed.data.format !== planFileFormat)
    return err({ kind: 'otherFormat', format: JSON.stringify(claimed.data.format).slice(0, 40) });
  const parsed = PlanFile.safeParse(json);
  if (!parsed.success) return err({ kind: 'shape', fields: fieldsOf(parsed.error) });
  const { plan, hash: stated } = parsed.data;
  const written = (json as { readonly plan: Plan }).plan;
  const found = await planHash(withoutFilled(plan, written));
  // What the shape leaves out or fills in was changed, too.
  const asWritten = await planHash(written);
  if (found === stated && asWritten === stated) return ok({ plan, hash: await planHash(plan) });
  return err({ kind: 'otherHash', stated, found: found === stated ? asWritten : found });
}
