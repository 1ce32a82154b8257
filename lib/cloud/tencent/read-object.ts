import { findRule, recordSetStateOf, ruleStateOf } from '@/lib/estate/look-up';
import { type ObjectRef, type RecordSetRef, type RuleRef, recordKey } from '@/lib/estate/object';
import type { Reading } from '../port';
import type { Caller } from './caller';
import { readBindings } from './clb/api';
import { listRecords } from './dnspod/api';

/** What one call finds out: the rules of a listener, or the records of a name. */
type Rules = Awaited<ReturnType<typeof readBindings>>['rules'];
type Records = Awaited<ReturnType<typeof listRecords>>;

function ruleOf(rules: Rules, ref: RuleRef): Reading {
  const found = findRule({ rules }, ref.listenerId, ref.domain, ref.url);
  return { state: ruleStateOf(found), ids: found === undefined ? {} : { LocationId: found.id } };
}

function recordSetOf(records: Records, ref: RecordSetRef): Reading {
  const onLine = records.filter((record) => record.lineId === ref.lineId);
  return {
    state: recordSetStateOf({ records: [...records] }, ref),
    ids: Object.fromEntries(onLine.map((record) => [recordKey(record), record.id])),
  };
}

/**
 * Reads that wait for their turn at the rate limit share one call where it answers them all: whoever asks before it goes
 * out gets what was so after the question. A wave of a hundred writes on twenty load balancers begins with twenty reads.
 */
function joining<T>(): (key: string, read: (onSent: () => void) => Promise<T>) => Promise<T> {
  const waiting = new Map<string, Promise<T>>();
  return (key, read) => {
    const known = waiting.get(key);
    if (known !== undefined) return known;
    const leave = () => {
      if (waiting.get(key) === made) waiting.delete(key);
    };
    const made: Promise<T> = read(leave).finally(leave);
    waiting.set(key, made);
    return made;
  };
}

/** Makes what reads one object afresh, with the cloud ids that writes to it need. */
export function createReadObject(caller: Pick<Caller, 'counting'>): (ref: ObjectRef) => Promise<Reading> {
  const rules = joining<Rules>();
  const records = joining<Records>();
  return async (ref) => {
    if (ref.kind === 'recordSet') {
      const { zone, subdomain } = ref;
      const key = `${subdomain}.${zone}`;
      return recordSetOf(
        await records(key, (onSent) => listRecords(caller.counting(onSent), zone, subdomain)),
        ref,
      );
    }
    const { region, loadBalancerId, listenerId } = ref;
    const key = `${region}/${loadBalancerId}/${listenerId}`;
    const read = async (onSent: () => void) =>
      (await readBindings(caller.counting(onSent), region, loadBalancerId, [listenerId])).rules;
    return ruleOf(await rules(key, read), ref);
  };
}
