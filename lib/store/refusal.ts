import type { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import type { Guard } from '@/lib/diversion/cutover';
import { type FigureIntervals, type FigureSources, findUnreadReason } from '@/lib/diversion/guard-lag';
import { fieldErrors } from '@/lib/input/field-errors';
import type { UnknownField } from '@/lib/input/unknown-fields';
import type { Finding } from '@/lib/preflight/model/model';
import { stops } from '@/lib/preflight/model/stops';
import { err, ok, type Result } from '@/lib/result';
import type { Settings } from '@/lib/settings';

/** Creates a refusal of the whole action. `message` is a key below `ui.refusal`. */
export function refuse(
  message: string,
  values?: Readonly<Record<string, string | number>>,
): Result<never, ActionError> {
  return err({ fields: {}, form: values ? { message, values } : { message } });
}

/** Creates a refusal with message keys by field path. */
export function refuseFields(fields: ActionError['fields']): Result<never, ActionError> {
  return err({ fields, form: null });
}

/** The most unknown fields that a refusal names; more are usually similar. */
const unknownMax = 20;

/** Creates a refusal of fields that don't exist, each with the known field that has the most similar name. */
export function refuseUnknownFields(
  unknown: readonly UnknownField[],
  message: 'request.unknownField' | 'request.unknownParameter',
): Result<never, ActionError> {
  const named = unknown.slice(0, unknownMax).map(({ path, nearest }) => ({ name: path.join('.'), nearest }));
  return err({
    fields: Object.fromEntries(named.map(({ name }) => [name, [message]])),
    nearest: Object.fromEntries(
      named.flatMap(({ name, nearest }) => (nearest === null ? [] : [[name, nearest]])),
    ),
    form: null,
  });
}

/** Converts a failed parse into field errors, one for every invalid field. */
export function refuseInput(error: z.ZodError): Result<never, ActionError> {
  return refuseFields(fieldErrors(error.issues));
}

/** Returns the intervals of the settings that figures of guards depend on. */
export function getFigureIntervals({
  SPILLWAY_TRAFFIC_S: trafficS,
  SPILLWAY_PROBE_S: probeS,
}: Pick<Settings, 'SPILLWAY_TRAFFIC_S' | 'SPILLWAY_PROBE_S'>): FigureIntervals {
  return { trafficS, probeS };
}

/**
 * Refuses guards on figures without a value with the settings: they would protect nothing. Each is named at its field, the
 * first one with its setting.
 * @param path of the guards in the input; null = they are those of the policy
 * @param kind of the diversion; absent = unknown
 */
export function checkGuards(
  guards: readonly Guard[],
  settings: Parameters<typeof getFigureIntervals>[0],
  path: 'cutover.guards' | 'guards' | null,
  kind?: FigureSources['kind'],
): Result<null, ActionError> {
  const intervals = getFigureIntervals(settings);
  const unread = guards.flatMap(({ measure }, place) => {
    const reason = findUnreadReason(measure, { ...intervals, ...(kind && { kind }) });
    return reason === null ? [] : [{ measure, place, reason }];
  });
  const [first] = unread;
  if (first === undefined) return ok(null);
  const { measure, place, reason } = first;
  const values = {
    measure,
    reason,
    source: path === null ? 'policy' : 'input',
    place: place + 1,
    ...intervals,
  };
  const fields =
    path === null
      ? []
      : unread.map((each) => [`${path}.${each.place}.measure`, [`guard.${each.reason}`]] as const);
  return err({ fields: Object.fromEntries(fields), form: { message: 'guard.unread', values } });
}

/** Returns the refusal of a plan with blocking findings; null = it has none. */
export function refuseBlocked(findings: readonly Finding[]) {
  const blocks = findings.filter(stops);
  const violated = blocks.find(({ check }) => check === 'safety-rules');
  if (violated !== undefined) return refuse('plan.safetyRule', violated.values);
  const [first] = blocks;
  return first === undefined ? null : refuse('plan.blocked', { count: blocks.length, check: first.check });
}
