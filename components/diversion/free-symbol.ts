/**
 * What a thing is called until it is there: by its name, and by a number too where another one that has been changed since is
 * called so. A thing that is changed keeps what it is called: routes name it.
 */
export function freeSymbol(wanted: string, taken: readonly { readonly id: string }[]): string {
  const isTaken = (symbol: string) => taken.some(({ id }) => id === symbol);
  let symbol = wanted;
  for (let n = 2; isTaken(symbol); n += 1) symbol = `${wanted}.${n}`;
  return symbol;
}
