import { canonicalJson } from '@/lib/canonical-json';
import type { Plan, Step } from './model';

/**
 * Returns the SHA-256 of a plan in lower-case hex. Two plans with the same hash are equal in every step, state and
 * time.
 */
export async function planHash(plan: Plan): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalJson(plan));
  const digest = await globalThis.crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Returns the effects of steps, without their forecast durations, because those depend on recent measurements. */
function hashedSteps(steps: readonly Step[]): unknown {
  return steps.map(({ forecastMs: _forecastMs, ...step }) => step);
}

/**
 * Returns whether two plans have the same effects on apply and rollback, regardless of the names of their diversions
 * and their creation times.
 */
export function isSamePlan(a: Pick<Plan, 'steps' | 'revert'>, b: Pick<Plan, 'steps' | 'revert'>): boolean {
  const text = ({ steps, revert }: Pick<Plan, 'steps' | 'revert'>) =>
    canonicalJson([hashedSteps(steps), hashedSteps(revert)]);
  return text(a) === text(b);
}
