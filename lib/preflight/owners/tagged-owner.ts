import { findZone } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { ObjectRef, ObjectState, RecordState } from '@/lib/estate/object';
import { canonicalState, objectKey } from '@/lib/estate/object-state';
import { refName } from '@/lib/estate/ref-name';
import { sameValue } from '@/lib/estate/same-value';
import type { WriteStep } from '@/lib/plan/model/model';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check } from '@/lib/preflight/model/model';

const { pass, warn } = createFindings(
  'tagged-owner',
  'https://developer.hashicorp.com/terraform/tutorials/state/resource-drift',
);

/** The object that has the tags for what a step writes to: its load balancer, zone or function. */
function findHolder({ loadBalancers, zones, functions }: Estate, object: ObjectRef) {
  switch (object.kind) {
    case 'rule':
    case 'listener':
      return loadBalancers.find(({ id }) => id === object.loadBalancerId);
    case 'loadBalancer':
      return loadBalancers.find(({ name, region }) => name === object.name && region === object.region);
    case 'recordSet':
      return findZone({ zones }, object.zone);
    case 'provisioned':
      return functions.find(
        ({ region, namespace, name }) =>
          region === object.region && namespace === object.namespace && name === object.name,
      );
  }
}

/** Returns the first tag with one of the keys, as `key=value`; a value of `false` marks nothing. */
function findMark(tags: Readonly<Record<string, string>>, keys: readonly string[]): string | undefined {
  const key = keys.find((each) => each in tags && tags[each]?.toLowerCase() !== 'false');
  return key === undefined ? undefined : `${key}=${tags[key]}`;
}

const recordFields = ['type', 'value', 'ttlS', 'weight', 'enabled'] as const;

/** Returns the names of the attributes in which two states of an object differ. */
function changedAttributes(before: ObjectState, after: ObjectState): readonly string[] {
  const [old, now] = [canonicalState(before), canonicalState(after)];
  if (old.kind === 'recordSet' && now.kind === 'recordSet') {
    if (old.records.length !== now.records.length) return ['records'];
    const isChanged = (field: keyof RecordState) =>
      old.records.some((record, at) => record[field] !== now.records[at]?.[field]);
    return recordFields.filter(isChanged);
  }
  const earlier = new Map<string, unknown>(Object.entries(old));
  return Object.entries(now).flatMap(([field, value]) =>
    sameValue(earlier.get(field), value) ? [] : [field],
  );
}

type Change = { readonly object: ObjectRef; readonly before: ObjectState; readonly until: ObjectState };

/** Returns each object that a list of steps writes to, with the state before them and the one that they leave. */
function listChanges(steps: readonly WriteStep[]): ReadonlyMap<string, Change> {
  const changes = new Map<string, Change>();
  for (const { object, before, after } of steps) {
    const key = objectKey(object);
    changes.set(key, { object, before: changes.get(key)?.before ?? before, until: after });
  }
  return changes;
}

/** The objects that a finding names; it counts the rest. */
const namedMax = 10;

/**
 * Warns of writes to objects that a tag marks as another tool's, and names the attributes that will differ from what it
 * has set, until the rollback and after it. That tool can undo the plan, and the plan is drift to it.
 */
export const checkTaggedOwner: Check = ({ before: estate, conditions, steps, rollback }) => {
  const { ownerTags = [] } = conditions;
  const writes = steps.filter((step) => step.kind === 'write');
  const back = listChanges(rollback.filter((step) => step.kind === 'write'));
  const groups = new Map<
    string,
    { names: string[]; values: { mark: string; until: string; after: string } }
  >();
  for (const [key, { object, before, until }] of listChanges(writes)) {
    const mark = findMark(findHolder(estate, object)?.tags ?? {}, ownerTags);
    if (mark === undefined) continue;
    const differ = changedAttributes(before, until).join(', ');
    const left = changedAttributes(before, back.get(key)?.until ?? until).join(', ');
    const values = { mark, until: differ, after: left === '' ? 'none' : left };
    const group = `${mark} ${values.until} ${values.after}`;
    const { names } = groups.get(group) ?? { names: [] };
    groups.set(group, { names: [...names, refName(object)], values });
  }
  if (groups.size === 0 && writes.length > 0) return [pass({ field: null, objects: [], why: 'pass' })];
  return [...groups.values()].map(({ names, values }) =>
    warn({
      field: null,
      objects: names,
      why: 'differs',
      values: {
        ...values,
        objects: names.slice(0, namedMax).join(', '),
        more: Math.max(0, names.length - namedMax),
      },
    }),
  );
};
