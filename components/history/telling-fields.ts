import type { EstateChange, FieldChange } from '@/lib/estate/history/diff-estates';

/** The fields worth showing of an added or removed object, by its list. */
const telling: Readonly<Record<string, readonly string[]>> = {
  zones: ['enabled'],
  records: ['value', 'ttlS', 'weight', 'enabled'],
  loadBalancers: ['vips', 'type'],
  listeners: ['name', 'targets'],
  rules: ['redirectsTo', 'targets', 'functions'],
  functions: ['runtime', 'versions'],
  instances: ['state'],
  certificates: ['domains', 'notAfter'],
};

const isEmpty = (value: unknown) => value == null || (Array.isArray(value) && value.length === 0);

function isItems(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null);
}

/** Returns the fields of a change to show: for an added or removed object, those that describe it. */
export function tellingFields(change: EstateChange): readonly FieldChange[] {
  if (change.op === 'changed') return change.fields;
  const object = change.object as Readonly<Record<string, unknown>>;
  const isNew = change.op === 'added';
  return (telling[change.kind] ?? []).flatMap((field): readonly FieldChange[] => {
    const value = object[field];
    if (isEmpty(value)) return [];
    if (isItems(value)) return [{ field, removed: isNew ? [] : value, added: isNew ? value : [] }];
    return [isNew ? { field, after: value } : { field, before: value }];
  });
}
