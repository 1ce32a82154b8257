import { fetchAnswer } from '@/lib/client/fetch-json';
import type { CheckedDraft } from '@/lib/draft/answer-draft';
import type { Draft } from '@/lib/draft/draft';
import type { DraftChange } from '@/lib/draft/draft-change';
import { readDraftJson, writeDraftJson } from '@/lib/draft/draft-json';
import type { DeployedFunction } from '@/lib/draft/merge-function';
import { routes } from '@/lib/routes';

/** The accounts that a draft is checked on, and what the page knows that a snapshot may not have yet. */
export type DraftPlace = {
  readonly connectionId: string;
  readonly others: readonly string[];
  readonly deployed: readonly DeployedFunction[];
};

/**
 * Asks the server for a draft after its changes, with its plan and findings. Nothing is stored.
 * @throws if nothing answers, or the server refuses the draft
 */
export async function askDraft(
  question: DraftPlace & { readonly draft: Draft; readonly changes: readonly DraftChange[] },
  signal: AbortSignal,
): Promise<CheckedDraft> {
  const response = await fetchAnswer(routes.api.draftCheck(), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: writeDraftJson(question),
    signal,
  });
  return readDraftJson(await response.text()) as CheckedDraft;
}
