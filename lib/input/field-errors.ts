type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };

/** A page shows no more, and a response with ten thousand fields is not useful. */
const namedMax = 50;

/**
 * Returns message keys by field path, as forms show them: every bad field at once, 50 at the most. `input` is the whole
 * input.
 */
export function fieldErrors(issues: readonly Issue[]): Record<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const { path, message } of issues.slice(0, namedMax)) {
    const name = path.map(String).join('.') || 'input';
    const known = fields.get(name);
    if (known === undefined) fields.set(name, [message]);
    else known.push(message);
  }
  return Object.fromEntries(fields);
}
