import { createdLoadBalancer } from '@/lib/run/model/history';
import { collectPlaceholders } from '@/lib/run/model/placeholders';
import { listStockInside, type Stock } from '@/testing/simulation/cloud/stock';
import { changedIn } from './scope';
import type { Changed, InvariantCheck, Sent, Witness } from './witness';

/* Invariants of load balancers, listeners and everything else that a run creates, deletes or leaves alone. */

/** 7. An object that is not created yet has no name that could be sent. */
export const namesWhatIsMade: InvariantCheck<Sent> = ({ step, call }) =>
  /"@[^"]/.test(JSON.stringify(call.params))
    ? `${step?.id ?? call.action} names what is not there: ${JSON.stringify(call.params)}`
    : null;

/**
 * Returns true if others have changed the object between the last read and the moment at which the cloud acts: no
 * client can know.
 */
function isRaced({ sent: { read }, edits }: Changed): boolean {
  return read !== null && edits !== read.edits;
}

/** 7. A run changes only what its diversion names. */
export const staysInScope: InvariantCheck<Changed> = (change, { scope, changes }) => {
  if (isRaced(change)) return null;
  const { before, after } = change;
  const made = new Map(
    changes.flatMap((each) => placesMade(each).map((id) => [id, each.sent.step] as const)),
  );
  // The cloud names one otherwise whose name someone else has taken since the call was sent first.
  const asPlanned = (stock: Stock): Stock => ({
    ...stock,
    loadBalancers: stock.loadBalancers.map((lb) => {
      const object = made.get(lb.id)?.object;
      return object?.kind === 'loadBalancer' && object.name !== lb.name ? { ...lb, name: object.name } : lb;
    }),
  });
  const other = changedIn(asPlanned(before), asPlanned(after)).find((key) => !scope.has(key));
  return other === undefined ? null : `${change.sent.step?.id} changes ${other}, which is out of its scope`;
};

/** Returns load balancers and listeners. */
const listPlaces = ({ loadBalancers, listeners }: Stock): readonly string[] =>
  [...loadBalancers, ...listeners].map(({ id }) => id);

function placesMade({ before, after }: Changed): readonly string[] {
  const old = listPlaces(before);
  return listPlaces(after).filter((id) => !old.includes(id));
}

/** 1. A step never creates its object twice. */
export const makesNoSecond: InvariantCheck<Changed> = (change, { changes }) => {
  const { sent, after, edits } = change;
  if (edits > 0 || sent.direction === 'rollback') return null;
  const mine = changes.filter(
    (other) => other.sent.step?.id === sent.step?.id && other.sent.direction === 'apply',
  );
  const there = mine.flatMap(placesMade).filter((id) => listPlaces(after).includes(id));
  return there.length > 1 ? `${sent.step?.id} makes a second one: ${there.join(', ')}` : null;
};

/**
 * Returns the id, as the journal knows it, of the object that the step undone by this one has created; undefined if it
 * is unknown.
 */
function madeBy({ step }: Sent, { given, events }: Witness): string | undefined {
  const forward = given.steps.find(({ id }) => id === step?.undoes);
  if (forward?.kind !== 'write') return undefined;
  const created = createdLoadBalancer(forward, events);
  if (created !== undefined) return created;
  const known = collectPlaceholders(events);
  return Object.entries(forward.yields ?? {}).flatMap(([name, placeholder]) =>
    name === 'Address' ? [] : (known.get(placeholder) ?? []),
  )[0];
}

/** 2. Only what this run has created is deleted, and only when it is empty. */
export const deletesOwn: InvariantCheck<Changed> = (change, witness) => {
  const { sent, before, after, edits } = change;
  // Its content may have been added since the last read.
  if (sent.read !== null && sent.read.allEdits !== witness.allEdits) return null;
  const left = listPlaces(after);
  const gone = listPlaces(before).filter((id) => !left.includes(id));
  const ours = witness.changes.flatMap(placesMade);
  const known = madeBy(sent, witness);
  for (const id of gone) {
    const isOurs = known === undefined ? edits > 0 || ours.includes(id) : id === known;
    if (!isOurs) return `${sent.step?.id} deletes ${id}, which this run has not made`;
    const inside = listStockInside(before, id);
    if (inside.length > 0) return `${sent.step?.id} deletes ${id} with ${inside.join(', ')}`;
  }
  return null;
};
