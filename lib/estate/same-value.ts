type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns whether a value is a list of items (targets, functions, …), whose order differs in each of the cloud's
 * responses.
 */
export function isSet(value: unknown): value is readonly Fields[] {
  return Array.isArray(value) && value.every(isObject);
}

/**
 * Returns one text for all ways to write the same value: field names in one order, list items in one order. A list of
 * plain values (addresses, versions) keeps its order, because the first one has a meaning there.
 */
export function stableText(value: unknown): string {
  if (Array.isArray(value)) {
    const items = value.map(stableText);
    return `[${(isSet(value) ? items.sort() : items).join()}]`;
  }
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const fields = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${stableText(value[name])}`);
  return `{${fields.join()}}`;
}

/** Returns whether two JSON values are equal, as `stableText` would write them. An undefined field counts as absent. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false;
    // The order is usually the same too; only otherwise is writing everything out worth it.
    if (a.every((item, at) => sameValue(item, b[at]))) return true;
    return isSet(a) && isSet(b) && stableText(a) === stableText(b);
  }
  if (!isObject(a) || !isObject(b)) return false;
  for (const name in a) if (!sameValue(a[name], b[name])) return false;
  for (const name in b) if (b[name] !== undefined && a[name] === undefined) return false;
  return true;
}
