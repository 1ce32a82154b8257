import 'server-only';
import type { QueryName, VerbName } from '@/lib/policy/verbs';

/** Entries that people who are not signed in may cause in a minute, in each process. */
const perMinute = 60;
const minuteMs = 60_000;

type Window = { start: number; recorded: number; omitted: number };

/** On `globalThis`, because Next may load this module more than once in a process. */
const holder: typeof globalThis & { spillwayAnonymous?: Window } = globalThis;

/**
 * Limits the entries that anybody can cause without a sign-in, such as wrong passwords: an append-only log that strangers can
 * fill would fill the disk. What is done is always recorded, except for a sign-out without a session, which changes nothing.
 * So is the refusal of a passkey by its counter: only the passkey, or a copy of it, can cause it.
 * @param refusal the rule by which it was refused; null = it was not
 * @returns how many were left out since the last entry; null: this one is left out, too
 */
export function takeAnonymousTurn(
  operation: VerbName | QueryName,
  outcome: 'begun' | 'done' | 'refused' | 'failed',
  refusal: string | null,
): number | null {
  const now = Date.now();
  holder.spillwayAnonymous ??= { start: now, recorded: 0, omitted: 0 };
  const window = holder.spillwayAnonymous;
  if (Math.abs(now - window.start) >= minuteMs) Object.assign(window, { start: now, recorded: 0 });
  const isAlways = refusal === 'passkey.counter' || (outcome === 'done' && operation !== 'session.signOut');
  if (window.recorded >= perMinute && !isAlways) {
    window.omitted += 1;
    return null;
  }
  const { omitted } = window;
  Object.assign(window, { recorded: window.recorded + 1, omitted: 0 });
  return omitted;
}
