import type { SwitchDiversion } from '@/lib/diversion/switch';
import type { Wave } from '@/lib/diversion/wave';
import { listAddressRecords } from '@/lib/estate/look-up';
import type { PlannedChange } from '@/lib/plan/model/change';
import { getOldTtl } from './diff-dns';
import { type NameChanges, type NameInput, nameChanges } from './name-changes';

type Bake = PlannedChange & { readonly kind: 'bake' };

/** Returns the changes of names that move at the same time, independently: those of a diversion without waves. */
export function independentChanges(
  input: Omit<NameInput, 'routes'>,
  names: readonly string[],
): readonly PlannedChange[] {
  return names.flatMap((name) => {
    const { changes, moved, prove } = changesOfName(input, name);
    return [...changes, ...(moved.length === 0 ? [] : prove('verify', moved))];
  });
}

/**
 * Returns the changes of a Switch of several names. All names are prepared at once. The names of a wave move together,
 * with one bake for each share of the ramp. Once all of them have moved, all are verified, and the wave bakes. Only
 * then does the next wave move. The next wave doesn't wait for a wave without moves. As between two shares, a bake
 * lasts at least until the old answers of its names have expired, because only then has all of their traffic moved. A
 * wave with a bake of 0 s is only verified: the names of the next wave have their own answers, so nothing else waits
 * for it.
 */
export function waveChanges(
  input: Omit<NameInput, 'routes' | 'diversion'> & { readonly diversion: SwitchDiversion },
  waves: readonly Wave[],
): readonly PlannedChange[] {
  const planned = waves.map((wave, nth) => ({
    ...wave,
    number: nth + 1,
    parts: wave.names.map((name) => ({ name, ...changesOfName(input, name) })),
  }));
  const last = planned.findLast(({ parts }) => listMoved(parts).length > 0);
  let gate: readonly string[] = [];
  return planned.flatMap(({ names, bakeS, number, parts }) => {
    const moved = listMoved(parts);
    const isLast = number === last?.number;
    const moving = parts.filter((part) => part.moved.length > 0);
    const proofs = moving.flatMap(({ prove }) => prove(isLast ? 'verify' : 'divert', moved));
    const bakes: Bake[] =
      isLast || moved.length === 0 || bakeS === 0
        ? []
        : [
            {
              kind: 'bake',
              key: `wave${number}.bake`,
              phase: 'divert',
              name: names[0] ?? '',
              percent: input.diversion.ramp.at(-1)?.percent ?? 100,
              needs: [...moved, ...proofs.map(({ key }) => key)],
              bakeS,
              oldTtlS: getServedTtl(input, moving),
            },
          ];
    const changes = mergeWaits([...parts.flatMap((part) => part.changes), ...proofs, ...bakes], number);
    const gated = behind(changes, gate);
    if (moved.length > 0) gate = listLast(changes);
    return gated.map((change) => ({ ...change, wave: number }));
  });
}

/** Returns the maximum time for which resolvers cache answers from before the move of some names, in seconds. */
function getServedTtl(
  { estate, diversion }: Pick<NameInput, 'estate' | 'diversion'>,
  parts: readonly (NameChanges & { readonly name: string })[],
): number {
  // A rule that is swapped in place doesn't change the answers.
  const asked = parts.filter(({ changes }) =>
    changes.some(
      (change) => change.kind === 'write' && change.phase === 'divert' && change.object.kind === 'recordSet',
    ),
  );
  const ttlS = getOldTtl(asked.map(({ name }) => ({ records: listAddressRecords(estate, name) })));
  return Math.min(ttlS, diversion.lowerTtlS ?? ttlS);
}

function changesOfName({ all, ...input }: Omit<NameInput, 'routes'>, hostName: string): NameChanges {
  return nameChanges({ ...input, all, routes: all.filter((route) => route.hostName === hostName) });
}

function listMoved(parts: readonly NameChanges[]): readonly string[] {
  return parts.flatMap(({ moved }) => moved);
}

/** Returns the changes, with a gate before their first moves: the changes that must be complete before. */
function behind(changes: readonly PlannedChange[], gate: readonly string[]): readonly PlannedChange[] {
  const moves = new Set(changes.flatMap(({ phase, key }) => (phase === 'divert' ? [key] : [])));
  return changes.map((change) =>
    moves.has(change.key) && !change.needs.some((key) => moves.has(key))
      ? { ...change, needs: [...change.needs, ...gate] }
      : change,
  );
}

/** Returns the keys of the changes that end a wave: its bake, otherwise its probes, otherwise its moves. */
function listLast(changes: readonly PlannedChange[]): readonly string[] {
  const moves = changes.filter(({ phase }) => phase === 'divert');
  const needed = new Set(moves.flatMap(({ needs }) => needs));
  return moves.flatMap(({ key }) => (needed.has(key) ? [] : [key]));
}

/**
 * Returns the changes with the waits of one purpose merged: the names of a wave bake together at each share of the
 * ramp, and wait together for old answers, as long as the slowest name requires.
 */
function mergeWaits(changes: readonly PlannedChange[], wave: number): readonly PlannedChange[] {
  const renamed = new Map(
    changes.flatMap(({ kind, key }) =>
      // The purpose is the last part of the key: `bake1`, `oldTtl` or `newTtl`.
      kind === 'bake' ? [[key, `wave${wave}.${key.slice(key.lastIndexOf('.') + 1)}`] as const] : [],
    ),
  );
  const merged = new Map<string, PlannedChange>();
  for (const change of changes) {
    const key = renamed.get(change.key) ?? change.key;
    const own = { ...change, key, needs: change.needs.map((need) => renamed.get(need) ?? need) };
    const same = merged.get(key);
    merged.set(
      key,
      own.kind === 'bake' && same?.kind === 'bake'
        ? {
            ...same,
            needs: [...same.needs, ...own.needs],
            bakeS: Math.max(same.bakeS, own.bakeS),
            oldTtlS: Math.max(same.oldTtlS, own.oldTtlS),
          }
        : own,
    );
  }
  return [...merged.values()];
}
