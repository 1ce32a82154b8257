/** The table's own entry of a name that came from outside: `constructor` and the like are no entries. */
export function entry<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
