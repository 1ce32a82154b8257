type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a list of things (targets, functions, …), whose order the cloud chooses anew each time. */
export function isSet(value: unknown): value is readonly Fields[] {
  return Array.isArray(value) && value.every(isObject);
}

/**
 * One text for all ways to write the same value: names of fields in one order, things of a list in one order. A list of
 * plain values (addresses, versions) keeps its order: the first means something there.
 */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) {
    const items = value.map(textOf);
    return `[${(isSet(value) ? items.sort() : items).join()}]`;
  }
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const fields = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${textOf(value[name])}`);
  return `{${fields.join()}}`;
}

/** Whether two JSON values say the same, as `textOf` would write them. A field that is undefined is one that is not there. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false;
    // Mostly the order is the same, too; only else is it worth writing all of it down.
    if (a.every((item, at) => sameValue(item, b[at]))) return true;
    return isSet(a) && isSet(b) && textOf(a) === textOf(b);
  }
  if (!isObject(a) || !isObject(b)) return false;
  for (const name in a) if (!sameValue(a[name], b[name])) return false;
  for (const name in b) if (b[name] !== undefined && a[name] === undefined) return false;
  return true;
}
