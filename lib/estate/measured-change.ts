import type { EstateChange, FieldChange } from './diff-estates';
import { textOf } from './same-value';

/**
 * Fields that nobody sets: the cloud measures or notes them. By the list, or by the field of a list of things. A record
 * that was written again with what it had is noted so.
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
    textOf(
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

/** Whether nothing of a change was made by anybody: the health of targets, for instance, is what the cloud found. */
export function isMeasured(change: EstateChange): boolean {
  return change.op === 'changed' && change.fields.every((field) => isMeasuredField(change.kind, field));
}
