/** The time after which other work of the process continues, in ms. */
const turnMs = 20;

/** Lets other work of the process continue once. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Returns all items of an iterable that computes them one after another, and lets other work continue between them. */
export async function inTurns<Item>(items: Iterable<Item>): Promise<readonly Item[]> {
  const found: Item[] = [];
  let begun = performance.now();
  for (const item of items) {
    found.push(item);
    if (performance.now() - begun < turnMs) continue;
    await nextTurn();
    begun = performance.now();
  }
  return found;
}
