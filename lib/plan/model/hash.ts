import { canonicalJson } from '@/lib/canonical-json';
import type { Plan, Step } from './model';

/**
 * Returns the SHA-256 of a plan in lower-case hex. Two plans with the same hash are equal in every step, state and
 * time.
 */
export async function planHash(plan: Plan): Promise<string> {
  return hashText(canonicalJson(plan));
}

async function hashText(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const digest = await globalThis.crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Returns the effects of steps, without their forecast durations, because those depend on recent measurements. */
function hashedSteps(steps: readonly Step[]): unknown {
  return steps.map(({ forecastMs: _forecastMs, ...step }) => step);
}

type PlanSteps = Pick<Plan, 'steps' | 'rollback'>;

const effectsText = ({ steps, rollback }: PlanSteps) =>
  canonicalJson([hashedSteps(steps), hashedSteps(rollback)]);

/**
 * Returns whether two plans have the same effects on apply and rollback, regardless of the names of their diversions
 * and their creation times.
 */
export function isSamePlan(a: PlanSteps, b: PlanSteps): boolean {
  return effectsText(a) === effectsText(b);
}

/**
 * Returns the SHA-256 of a plan's effects in lower-case hex: plans of which `isSamePlan` holds have the same one, such as
 * two of a diversion on snapshots that differ in nothing that matters to it.
 */
export function effectsHash(plan: PlanSteps): Promise<string> {
  return hashText(effectsText(plan));
}
