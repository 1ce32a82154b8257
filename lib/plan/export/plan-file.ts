import { z } from 'zod';
import { findJsonExcess, type JsonLimits, type JsonProblem, parseJson } from '@/lib/input/bounded-json';
import { planFileMax } from '@/lib/input/import-limits';
import { findUnstorable } from '@/lib/input/outside-text';
import { err, ok, type Result } from '@/lib/result';
import { inTurns, nextTurn } from '@/lib/timing/in-turns';
import { planHash } from '../model/hash';
import type { Plan } from '../model/model';
import { PlanSchema, StepSchema } from './plan-schema';

/** The format of the files that this version writes and reads. */
const planFileFormat = 1;

/**
 * The limits of a plan: no larger one is made or imported. A Switch of 50 names with 8 steps has 1,320 steps and 200,000
 * values. No list is longer than the steps, and none is deeper than 12.
 */
const limits: JsonLimits = { length: planFileMax, depth: 32, values: 400_000, members: 2000 };
/** The maximum number of faulty steps reported, and of faults in total; the rest is usually similar. */
const faultySteps = 10;
const placesMax = 50;

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

/** The reason why a text is no valid plan. Fields are paths in the file with message keys or sentences. */
export type PlanFileProblem =
  | JsonProblem
  | { readonly kind: 'otherFormat'; readonly format: string }
  /** Intact, but its plan has other fields than plans of this build. */
  | { readonly kind: 'otherBuild' }
  | { readonly kind: 'shape'; readonly fields: Readonly<Record<string, readonly string[]>> }
  | { readonly kind: 'otherHash'; readonly stated: string; readonly found: string };

/** Writes a plan as a file: JSON with its format and the plan's hash. */
export function writePlanFile(plan: Plan, hash: string): string {
  return `${JSON.stringify({ format: planFileFormat, hash, plan }, null, 2)}\n`;
}

/** Returns whether the file of a plan can be imported again. */
export function fitsPlanFile(plan: Plan, hash: string): boolean {
  return findJsonExcess(writePlanFile(plan, hash), limits) === null;
}

/** Returns the JSON Schema (draft 2020-12) of plan files. It does not cover the hash and the checks of `planFaults`. */
export function planFileSchema(): object {
  return z.toJSONSchema(PlanFile, { io: 'input' });
}

type Issue = z.core.$ZodIssue;

/** Returns the faults of the union branch that is nearest to the value. */
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

/** Returns how deep into the value a branch got before it failed. */
function depth(issues: readonly Issue[]): number {
  return Math.min(...issues.map(({ path }) => path.length));
}

function fieldErrors(issues: readonly Issue[]): Readonly<Record<string, readonly string[]>> {
  const fields = new Map<string, string[]>();
  for (const { path, message } of issues.slice(0, placesMax).flatMap((issue) => nearest(issue))) {
    const known = fields.get(path);
    if (known !== undefined) known.push(message);
    else if (fields.size < placesMax) fields.set(path, [message]);
  }
  return Object.fromEntries(fields);
}

const Lists = z.object({
  plan: z.object({ steps: z.array(z.unknown()).catch([]), rollback: z.array(z.unknown()).catch([]) }),
});

/**
 * Returns the faults of the first faulty steps. A schema reports every fault of every step, which takes seconds for
 * thousands.
 */
function* faultsOfSteps(json: unknown): Generator<readonly Issue[]> {
  const lists = Lists.safeParse(json);
  let faulty = 0;
  for (const name of ['steps', 'rollback'] as const) {
    for (const [index, step] of lists.data?.plan[name].entries() ?? []) {
      const issues = StepSchema.safeParse(step).error?.issues ?? [];
      yield issues.map((issue) => ({ ...issue, path: ['plan', name, index, ...issue.path] }));
      if (issues.length > 0) faulty += 1;
      if (faulty >= faultySteps) return;
    }
  }
}

/**
 * Reads a plan from a file's text: JSON of the expected format and shape, whose hash matches the stated one. Other work
 * of the process continues between the parts of this: the largest plan takes 0.4 s.
 * @returns the plan with its hash, or the first fault of the text
 */
export async function readPlanFile(
  text: string,
): Promise<Result<{ readonly plan: Plan; readonly hash: string }, PlanFileProblem>> {
  const excess = findJsonExcess(text, limits);
  if (excess !== null) return err(excess);
  await nextTurn();
  const read = parseJson(text);
  if (!read.ok) return read;
  const json = read.value;
  await nextTurn();
  const claimed = z.object({ format: z.unknown() }).safeParse(json);
  if (claimed.success && claimed.data.format !== undefined && claimed.data.format !== planFileFormat)
    return err({ kind: 'otherFormat', format: JSON.stringify(claimed.data.format).slice(0, 40) });
  const unstorable = findUnstorable(json, placesMax);
  if (unstorable.length > 0) {
    const fields = Object.fromEntries(
      unstorable.map((path) => [path.join('.') || 'file', ['text.unstorable']]),
    );
    return err({ kind: 'shape', fields });
  }
  await nextTurn();
  const faulty = (await inTurns(faultsOfSteps(json))).flat();
  if (faulty.length > 0) return err({ kind: 'shape', fields: fieldErrors(faulty) });
  await nextTurn();
  const parsed = PlanFile.safeParse(json);
  if (!parsed.success) return err({ kind: 'shape', fields: fieldErrors(parsed.error.issues) });
  const { plan, hash: stated } = parsed.data;
  const written = (json as { readonly plan: Plan }).plan;
  await nextTurn();
  const asWritten = await planHash(written);
  await nextTurn();
  const found = await planHash(plan);
  if (asWritten !== stated) return err({ kind: 'otherHash', stated, found: asWritten });
  // The file is unchanged, but the schema adds missing fields or drops some.
  return found === stated ? ok({ plan, hash: found }) : err({ kind: 'otherBuild' });
}
