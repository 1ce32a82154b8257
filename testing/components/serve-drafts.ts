import { vi } from 'vitest';
import { answerDraft, type CheckedDraft } from '@/lib/draft/answer-draft';
import type { Draft } from '@/lib/draft/draft';
import type { DraftChange } from '@/lib/draft/draft-change';
import { readDraftJson, writeDraftJson } from '@/lib/draft/draft-json';
import { type DeployedFunction, mergeFunction } from '@/lib/draft/merge-function';
import type { DraftBasis } from '@/lib/draft/preview';
import { routes } from '@/lib/routes';

type Question = {
  readonly draft: Draft;
  readonly changes: readonly DraftChange[];
  readonly deployed: readonly DeployedFunction[];
};

/** Checks a draft as the server does. */
export function checkOn(basis: DraftBasis, question: Omit<Question, 'deployed'>): Promise<CheckedDraft> {
  return answerDraft(basis, question, { rest: () => Promise.resolve(), now: () => 0 });
}

/** A server that can be unreachable. */
export type TestServer = { readonly isDown: boolean };

/**
 * Answers the page's requests about drafts over an estate with the code of the server; other requests are passed to the
 * previous `fetch`.
 */
export function serveDrafts(basis: DraftBasis, server: TestServer): void {
  const others = globalThis.fetch;
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    if (path !== routes.api.draftCheck()) return others(path, init);
    if (server.isDown) throw new TypeError('Failed to fetch');
    const { deployed, ...question } = readDraftJson(String(init.body)) as Question;
    const estate = deployed.reduce(mergeFunction, basis.estate);
    const answer = await checkOn({ ...basis, estate }, question);
    init.signal?.throwIfAborted();
    return new Response(writeDraftJson(answer));
  });
}
