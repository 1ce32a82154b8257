import type { z } from 'zod';
import type { ActionError } from '@/lib/client/views';
import type { Guard } from '@/lib/diversion/cutover';
import { type FigureIntervals, type FigureSources, findUnreadReason } from '@/lib/diversion/guard-lag';
import { fieldErrors } from '@/lib/input/field-errors';
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
