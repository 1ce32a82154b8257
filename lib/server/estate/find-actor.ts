import type { ActorView, WhoView } from '@/lib/contract/estate';
import type { EstateObject } from '@/lib/estate/estate-lists';
import type { AuditReading } from '@/lib/estate/history/audit';
import { eventsFor } from '@/lib/estate/history/audit-match';
import type { EstateChange } from '@/lib/estate/history/diff-estates';
import { isOfRef } from '@/lib/estate/history/object-of-ref';
import { writtenAfter } from '@/lib/store/runs/written-after';
import type { ChangeRow } from './change-rows';
import type { OwnFunctionChange } from './own-function-changes';
import type { OwnWrite } from './own-writes';

/** The maximum number of actors per object. */
const actorsMax = 10;

/** Returns the period of a change's writes: after those of the previous change. */
function changeSpan({ seenAt, firstAt, storedAt, previousAt }: ChangeRow): { from: number; to: number } {
  const after = writtenAfter(seenAt ?? firstAt).getTime();
  return { from: Math.max(after, previousAt?.getTime() ?? 0), to: storedAt.getTime() };
}

function joinTrails(readings: readonly (AuditReading | null)[]): WhoView['trail'] {
  const error = readings.find((reading) => reading !== null && 'error' in reading);
  if (error != null && 'error' in error) return { state: 'unreadable', code: error.error };
  if (readings.some((reading) => reading === null)) return { state: 'notSearched' };
  const isComplete = readings.every(
    (reading) => reading !== null && 'events' in reading && reading.isComplete,
  );
  return { state: isComplete ? 'read' : 'partly' };
}

/** Returns the changes of a function that were in progress in a period; none for other objects. */
function listFunctionChanges(
  object: EstateObject | undefined,
  ownFunctions: readonly OwnFunctionChange[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly OwnFunctionChange[] {
  if (object === undefined || !('handler' in object)) return [];
  const { region, namespace, name } = object;
  return ownFunctions.filter(
    (own) =>
      own.region === region &&
      own.namespace === namespace &&
      own.name === name &&
      Date.parse(own.at) <= to &&
      Date.parse(own.endedAt ?? own.at) >= from,
  );
}

/**
 * Returns the actors who changed an object: Spillway's own runs, from their journals, and otherwise those in the
 * cloud's audit trail.
 * @param rows the object's changes, as stored
 * @param audits the audit records of each version
 * @param own all writes of Spillway's runs in that time
 * @param ownFunctions all function changes made through Spillway in that time
 */
export function findActor(
  change: EstateChange,
  object: EstateObject | undefined,
  rows: readonly ChangeRow[],
  audits: ReadonlyMap<number, AuditReading | null>,
  own: readonly OwnWrite[],
  ownFunctions: readonly OwnFunctionChange[] = [],
): WhoView {
  const { kind } = change;
  const ofRuns = new Set(own.map(({ requestId }) => requestId));
  const actors = rows.toReversed().flatMap((row): readonly ActorView[] => {
    const span = changeSpan(row);
    const mine =
      kind === 'estate' || object === undefined
        ? []
        : own.filter(
            ({ at, object: ref }) =>
              Date.parse(at) >= span.from && Date.parse(at) <= span.to && isOfRef(ref, kind, object),
          );
    const audit = audits.get(row.version) ?? null;
    const events = audit !== null && 'events' in audit ? audit.events : [];
    const theirs = eventsFor(events, row.change, row.names, span).filter(
      ({ requestId }) => !ofRuns.has(requestId),
    );
    const functionChanges = listFunctionChanges(object, ownFunctions, span);
    return [
      ...functionChanges.toReversed().map(({ id, actor, action, at }) => ({
        kind: 'function' as const,
        id,
        actor,
        action,
        at,
      })),
      ...mine.toReversed().map(({ object: _, ...write }) => ({ kind: 'run' as const, ...write })),
      ...theirs.map(({ resources: _, ...event }) => ({ kind: 'user' as const, ...event })),
    ];
  });
  // A request may be in the journal twice, or in the audit records of two versions.
  const byRequest = new Map(
    actors.map((actor) => [
      actor.kind === 'function' ? actor.id : `${actor.requestId} ${actor.action}`,
      actor,
    ]),
  );
  return {
    actors: [...byRequest.values()].sort((a, b) => b.at.localeCompare(a.at)).slice(0, actorsMax),
    trail: joinTrails(rows.map(({ version }) => audits.get(version) ?? null)),
  };
}
