type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };

/** Message keys by field path, as forms show them: every bad field at once. `input` is what was sent as a whole. */
export function fieldErrors(issues: readonly Issue[]): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const { path, message } of issues) {
    const name = path.map(String).join('.') || 'input';
    fields[name] = [...(fields[name] ?? []), message];
  }
  return fields;
}
