/** Returns the table's own entry for an external name: `constructor` and the like are not entries. */
export function entry<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
