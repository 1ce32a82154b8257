import { stableText } from '@/lib/estate/same-value';
import type { EstateChange, FieldChange } from './diff-estates';

/**
 * Fields that no call sets: the cloud measures or records them. By the list, or by the field of a list of items. They
 * change too when a record is rewritten with the same content.
 */
const measuredFields: Readonly<Record<string, readonly string[]>> = {
  targets: ['health'],
  provisioned: ['available', 'status'],
  functions: ['availableStatus'],
  records: ['updatedAt'],
};

function isMeasuredItems(field: string, removed: readonly unknown[], added: readonly unknown[]): boolean {
  const measured = measuredFields[field];
  if (measured === undefined || removed.length !== added.length) return false;
  const rest = (items: readonly unknown[]) =>
    stableText(
      items.map((item) =>
        Object.fromEntries(Object.entries(item as object).filter(([name]) => !measured.includes(name))),
      ),
    );
  return rest(removed) === rest(added);
}

function isMeasuredField(kind: EstateChange['kind'], change: FieldChange): boolean {
  if ('removed' in change) return isMeasuredItems(change.field, change.removed, change.added);
  return measuredFields[kind]?.includes(change.field) ?? false;
}

/** Returns true if no part of a change has an actor: the cloud measures the health of targets, for example. */
export function isMeasured(change: EstateChange): boolean {
  return change.op === 'changed' && change.fields.every((field) => isMeasuredField(change.kind, field));
}
