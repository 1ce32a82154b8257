import type { Draft, Kind } from '@/lib/draft/draft';

/**
 * Drafts survive in the tab in which they were typed, one per connection and kind, so leaving the page by mistake loses
 * nothing. The store is per tab, so that two tabs can plan two diversions.
 */

const kinds = ['split', 'access', 'switch'] as const satisfies readonly Kind[];

function storageKey(connectionId: string, kind: Kind): string {
  return `spillway.draft.${connectionId}.${kind}`;
}

/** A browser may refuse storage altogether: drafts then last as long as the page. */
function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}

/**
 * Returns the drafts stored in this tab, by kind, without those that this build cannot read. The schema that reads them
 * is large: it is fetched only if there is something to read.
 */
export async function loadDrafts(connectionId: string): Promise<Partial<Record<Kind, Draft>>> {
  const stored = kinds.flatMap((kind) => {
    const text = attempt(() => sessionStorage.getItem(storageKey(connectionId, kind)));
    const json = text === null ? null : attempt((): unknown => JSON.parse(text));
    return json === null ? [] : [{ kind, json }];
  });
  if (stored.length === 0) return {};
  const { DiversionDraft } = await import('@/lib/diversion/draft');
  return Object.fromEntries(
    stored.flatMap(({ kind, json }) => {
      const found = DiversionDraft.safeParse(json);
      return found.success && found.data.kind === kind ? [[kind, found.data]] : [];
    }),
  );
}

export function keepDraft(connectionId: string, draft: Draft): void {
  attempt(() => sessionStorage.setItem(storageKey(connectionId, draft.kind), JSON.stringify(draft)));
}

export function dropDraft(connectionId: string, kind: Kind): void {
  attempt(() => sessionStorage.removeItem(storageKey(connectionId, kind)));
}
