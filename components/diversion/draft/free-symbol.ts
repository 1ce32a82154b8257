/**
 * Returns the symbol of a resource until it is created: its name, plus a number if another resource, renamed since,
 * already has that symbol. A changed resource keeps its symbol, because routes name it.
 */
export function freeSymbol(wanted: string, taken: readonly { readonly id: string }[]): string {
  const isTaken = (symbol: string) => taken.some(({ id }) => id === symbol);
  let symbol = wanted;
  for (let n = 2; isTaken(symbol); n += 1) symbol = `${wanted}.${n}`;
  return symbol;
}
