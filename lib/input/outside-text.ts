/*
 * Text from outside Spillway: user input, imports, and responses of clouds and probed servers. Two things in it can't
 * be stored. PostgreSQL accepts neither U+0000 (https://www.postgresql.org/docs/17/datatype-character.html) nor half of
 * a surrogate pair in `jsonb` (https://www.postgresql.org/docs/17/datatype-json.html). User input is refused at its
 * field; responses are made storable, since a run can't refuse a response.
 */

/** Returns whether a text can be stored: no NUL, and no half of a surrogate pair. */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Returns the text with U+FFFD, which shows as �, in place of each NUL and each half of a surrogate pair. */
export function storableText(text: string): string {
  return isStorableText(text) ? text : text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** Returns whether all texts and field names of a JSON value can be stored. It copies nothing: responses are large. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return isStorableText(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isStorable);
  for (const name in value) {
    if (!isStorableText(name) || !isStorable(value[name as keyof typeof value])) return false;
  }
  return true;
}

/**
 * Returns a JSON value with all its texts and field names made storable. It is the same object if all of them already
 * are.
 */
export function storable<T>(value: T): T;
export function storable(value: unknown): unknown {
  if (isStorable(value)) return value;
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map((each) => storable(each));
  return Object.fromEntries(
    Object.entries(Object(value)).map(([name, member]) => [storableText(name), storable(member)]),
  );
}

/**
 * Finds the texts of a value that can't be stored, without recursion.
 * @param max the most that are collected
 * @returns the path of each, as names and numbers of members; for a name that can't be stored, that of its object
 */
export function findUnstorable(value: unknown, max: number): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const open = [{ value, path: [] as readonly string[] }];
  for (let next = open.pop(); next !== undefined && found.length < max; next = open.pop()) {
    const { path } = next;
    if (typeof next.value === 'string' && !isStorableText(next.value)) found.push(path);
    if (typeof next.value !== 'object' || next.value === null) continue;
    for (const [name, member] of Object.entries(next.value)) {
      if (isStorableText(name)) open.push({ value: member, path: [...path, name] });
      else found.push(path);
    }
  }
  return found;
}
