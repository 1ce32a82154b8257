import { DiversionDraft } from '@/lib/diversion/draft';
import type { Draft, Kind } from '@/lib/draft/draft';

/**
 * Drafts survive in the tab in which they were typed, one per connection and kind, so leaving the page by mistake loses
 * nothing. The store is per tab, so that two tabs can plan two diversions.
 */

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

/** Returns the draft stored in this tab, or null if this tab has none or this build cannot read it. */
export function loadDraft(connectionId: string, kind: Kind): Draft | null {
  const text = attempt(() => sessionStorage.getItem(storageKey(connectionId, kind)));
  const json = text === null ? null : attempt((): unknown => JSON.parse(text));
  const found = DiversionDraft.safeParse(json);
  return found.success && found.data.kind === kind ? found.data : null;
}

export function keepDraft(connectionId: string, draft: Draft): void {
  attempt(() => sessionStorage.setItem(storageKey(connectionId, draft.kind), JSON.stringify(draft)));
}

export function dropDraft(connectionId: string, kind: Kind): void {
  attempt(() => sessionStorage.removeItem(storageKey(connectionId, kind)));
}
