import type { ObjectChangeView } from '@/lib/client/views';

function says(item: ObjectChangeView, words: string): boolean {
  const actors = item.who.actors.flatMap((actor) => [
    ...(actor.kind === 'run' ? [actor.runId, actor.actor] : [actor.user]),
    ...[actor.action, actor.requestId],
  ]);
  return [item.name, item.place, item.change.key, ...actors].some((text) =>
    text.toLowerCase().includes(words),
  );
}

/**
 * The changes that are asked for.
 * @param all also what nobody made, such as the health of targets
 */
export function findChanges(
  changes: readonly ObjectChangeView[],
  { search, all }: { readonly search: string; readonly all: boolean },
): readonly ObjectChangeView[] {
  const words = search.trim().toLowerCase();
  return changes.filter((item) => (all || !item.measured) && (words === '' || says(item, words)));
}

/** Changes by the list of their objects: what people divert first, what follows from it last. */
const order: readonly string[] = ['rules', 'listeners', 'records', 'loadBalancers', 'functions', 'zones'];

/** Groups of one kind each, in the order in which they are read. */
export function groupChanges(changes: readonly ObjectChangeView[]): readonly {
  readonly kind: ObjectChangeView['change']['kind'];
  readonly items: readonly ObjectChangeView[];
}[] {
  const groups = new Map<ObjectChangeView['change']['kind'], ObjectChangeView[]>();
  for (const item of changes) {
    const known = groups.get(item.change.kind) ?? [];
    groups.set(item.change.kind, known);
    known.push(item);
  }
  const rank = (kind: string) => (order.includes(kind) ? order.indexOf(kind) : order.length);
  return [...groups]
    .sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .map(([kind, items]) => ({ kind, items }));
}
