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
 * Returns the changes that match the selection.
 * @param all also include changes without an actor, such as the health of targets
 */
export function findChanges(
  changes: readonly ObjectChangeView[],
  { search, all }: { readonly search: string; readonly all: boolean },
): readonly ObjectChangeView[] {
  const words = search.trim().toLowerCase();
  return changes.filter((item) => (all || !item.measured) && (words === '' || says(item, words)));
}

/** The order of changes by the list of their objects: what operators divert comes first, derived objects last. */
const order: readonly string[] = ['rules', 'listeners', 'records', 'loadBalancers', 'functions', 'zones'];

/** Groups changes by kind, in display order. */
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
