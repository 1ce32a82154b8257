import { vi } from 'vitest';
import { answerDraft, type CheckedDraft } from '@/lib/draft/answers/answer-draft';
import { CreatingQuestion, sliceForCreating } from '@/lib/draft/creating/creating-slice';
import { type DeployedFunction, mergeFunction } from '@/lib/draft/creating/merge-function';
import type { Draft } from '@/lib/draft/draft';
import type { DraftChange } from '@/lib/draft/draft-change';
import { readDraftJson, writeDraftJson } from '@/lib/draft/draft-json';
import { type AccountName, answerOptions } from '@/lib/draft/options/answer-options';
import { OptionsQuestion } from '@/lib/draft/options/options-question';
import type { DraftBasis } from '@/lib/draft/preview';
import { routes } from '@/lib/routes';

type Place = { readonly deployed: readonly DeployedFunction[] };
type Question = Place & { readonly draft: Draft; readonly changes: readonly DraftChange[] };

const ownId: AccountName = (id) => id;

/** Checks a draft as the server does. */
export function checkOn(
  basis: DraftBasis,
  question: Omit<Question, 'deployed'>,
  accountName: AccountName = ownId,
): Promise<CheckedDraft> {
  return answerDraft(basis, question, accountName, () => 0);
}

/** A server that can be unreachable. */
export type TestServer = { readonly isDown: boolean };

/**
 * Answers the page's requests about drafts over an estate with the code of the server; other requests are passed to the
 * previous `fetch`.
 */
export function serveDrafts(basis: DraftBasis, server: TestServer, accountName: AccountName = ownId): void {
  const others = globalThis.fetch;
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const { draftCheck, draftOptions, draftCreating } = routes.api;
    if (![draftCheck(), draftOptions(), draftCreating()].includes(path)) return others(path, init);
    if (server.isDown) throw new TypeError('Failed to fetch');
    const { deployed: known } = readDraftJson(String(init.body)) as Place;
    const now = known.reduce(mergeFunction, basis.estate);
    const asked = readDraftJson(String(init.body));
    if (path === draftOptions())
      return new Response(writeDraftJson(answerOptions(now, OptionsQuestion.parse(asked), accountName)));
    if (path === draftCreating())
      return new Response(writeDraftJson(sliceForCreating(now, CreatingQuestion.parse(asked))));
    const { deployed: _known, ...question } = readDraftJson(String(init.body)) as Question;
    const answer = await checkOn({ ...basis, estate: now }, question, accountName);
    init.signal?.throwIfAborted();
    return new Response(writeDraftJson(answer));
  });
}
