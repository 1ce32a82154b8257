import { findRule, getRecordSetState, getRuleState } from '@/lib/estate/look-up';
import type {
  ListenerRef,
  LoadBalancerRef,
  ObjectRef,
  ProvisionedRef,
  RecordSetRef,
  RuleRef,
} from '@/lib/estate/object';
import { noListener, recordKey } from '@/lib/estate/object-state';
import { nextTurn } from '@/lib/timing/in-turns';
import { CloudError } from '../errors';
import type { Reading } from '../port';
import type { Caller, Reader } from './call/caller';
import { readBindings } from './clb/api';
import { listRecords } from './dnspod/api';
import { findProvisioned, readListener, readLoadBalancer } from './read-made';

/** The data that one call returns: the rules of a listener, or the records of a name. */
type Rules = Awaited<ReturnType<typeof readBindings>>['rules'];
type Records = Awaited<ReturnType<typeof listRecords>>;

type Found = Omit<Reading, 'at'>;

function pickRule(rules: Rules, ref: RuleRef): Found {
  const found = findRule({ rules }, ref.listenerId, ref.domain, ref.url);
  return { state: getRuleState(found), ids: found === undefined ? {} : { LocationId: found.id } };
}

function findRecordSet(records: Records, ref: RecordSetRef): Found {
  const onLine = records.filter((record) => record.lineId === ref.lineId);
  return {
    state: getRecordSetState({ records: [...records] }, ref),
    ids: Object.fromEntries(onLine.map((record) => [recordKey(record), record.id])),
  };
}

/** The result of a call, and when the call was sent. */
type Answer<T> = { readonly value: T; readonly at: Date };

/**
 * Lets reads that wait for the rate limit share one call if it answers them all: a caller that arrives before it is
 * sent gets data that was true after the request. A batch of a hundred writes on twenty load balancers begins with
 * twenty reads. A call waits at least one turn of the event loop: when a task ends, its write is read back and the next
 * write's object is read in the same turn.
 */
function joining<T>(
  now: () => Date,
): (key: string, read: (onSent: () => void) => Promise<T>) => Promise<Answer<T>> {
  const waiting = new Map<string, Promise<Answer<T>>>();
  return (key, read) => {
    const known = waiting.get(key);
    if (known !== undefined) return known;
    // Results are combined from several calls: they were true when the first of them was sent, or later.
    let at: Date | null = null;
    const leave = () => {
      at ??= now();
      if (waiting.get(key) === made) waiting.delete(key);
    };
    const made = nextTurn()
      .then(() => read(leave))
      .finally(leave)
      .then((value) => ({ value, at: at ?? now() }));
    waiting.set(key, made);
    return made;
  };
}

async function readMade(
  reader: Reader,
  ref: LoadBalancerRef | ListenerRef | ProvisionedRef,
): Promise<Omit<Reading, 'at'>> {
  switch (ref.kind) {
    case 'loadBalancer':
      return readLoadBalancer(reader, ref);
    case 'listener':
      return unlessGone(() => readListener(reader, ref), { state: noListener, ids: {} });
    case 'provisioned': {
      const { wanted, isGone } = await findProvisioned(reader, ref);
      const state = { kind: 'provisioned', instances: wanted } as const;
      return isGone ? { state, ids: {}, isGone } : { state, ids: {} };
    }
  }
}

/** The cloud's codes for a rule or a listener whose load balancer or listener was deleted. */
const placeGone = /^(InvalidParameter\.(LBIdNotFound|ListenerIdNotFound)|ResourceNotFound(\..*)?)$/;

/** Reads the content of a load balancer; if the load balancer is deleted, so is all of it. */
async function unlessGone<T>(read: () => Promise<T>, gone: T): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof CloudError && placeGone.test(cause.data.code)) return gone;
    throw cause;
  }
}

/** Creates the function that reads the current state of one object, with the cloud ids that writes to it need. */
export function createReadObject(
  caller: Pick<Caller, 'counting'>,
  now: () => Date,
): (ref: ObjectRef) => Promise<Reading> {
  const rules = joining<Rules>(now);
  const records = joining<Records>(now);
  return async (ref) => {
    if (ref.kind === 'loadBalancer' || ref.kind === 'listener' || ref.kind === 'provisioned') {
      let at = now();
      const reader = caller.counting(() => {
        at = now();
      });
      return { ...(await readMade(reader, ref)), at };
    }
    if (ref.kind === 'recordSet') {
      const { zone, subdomain } = ref;
      const { value, at } = await records(`${subdomain}.${zone}`, (onSent) =>
        listRecords(caller.counting(onSent), zone, subdomain),
      );
      return { ...findRecordSet(value, ref), at };
    }
    const { region, loadBalancerId, listenerId } = ref;
    const read = (onSent: () => void) =>
      unlessGone(
        async () => (await readBindings(caller.counting(onSent), region, loadBalancerId, [listenerId])).rules,
        [],
      );
    const { value, at } = await rules(`${region}/${loadBalancerId}/${listenerId}`, read);
    return { ...pickRule(value, ref), at };
  };
}
