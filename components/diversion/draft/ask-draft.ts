import { fetchAnswer } from '@/lib/client/fetch-json';
import type { CheckedDraft } from '@/lib/draft/answers/answer-draft';
import type { CreatingQuestion, CreatingSlice } from '@/lib/draft/creating/creating-slice';
import type { DeployedFunction } from '@/lib/draft/creating/merge-function';
import type { Draft } from '@/lib/draft/draft';
import type { DraftChange } from '@/lib/draft/draft-change';
import { readDraftJson, writeDraftJson } from '@/lib/draft/draft-json';
import type { OptionsAnswer } from '@/lib/draft/options/answer-options';
import type { OptionsQuestion } from '@/lib/draft/options/options-question';
import { routes } from '@/lib/routes';

/** The accounts that a draft is checked on, and facts of the page that a snapshot may not have yet. */
export type DraftPlace = {
  readonly connectionId: string;
  readonly others: readonly string[];
  readonly deployed: readonly DeployedFunction[];
};

/** The part of a form that lists of options need. */
export type OptionsForm = { readonly place: DraftPlace; readonly draft: Pick<Draft, 'creates'> };

/**
 * Requests a draft after its changes from the server, with its plan and findings. Nothing is stored.
 * @throws if no response arrives, or the server refuses the draft
 */
export async function askDraft(
  question: DraftPlace & { readonly draft: Draft; readonly changes: readonly DraftChange[] },
  signal: AbortSignal,
): Promise<CheckedDraft> {
  return ask<CheckedDraft>(routes.api.draftCheck(), question, signal);
}

/**
 * Asks the server for options of a field.
 * @throws if nothing answers, or the server refuses the question
 */
export async function askOptions(
  question: DraftPlace & OptionsQuestion,
  signal: AbortSignal,
): Promise<OptionsAnswer> {
  return ask<OptionsAnswer>(routes.api.draftOptions(), question, signal);
}

/**
 * Asks the server for what a dialog needs which creates something.
 * @throws if nothing answers, or the server refuses the question
 */
export async function askForCreating(
  question: DraftPlace & CreatingQuestion,
  signal: AbortSignal,
): Promise<CreatingSlice> {
  return ask<CreatingSlice>(routes.api.draftCreating(), question, signal);
}

async function ask<T>(path: string, question: DraftPlace, signal: AbortSignal): Promise<T> {
  const response = await fetchAnswer(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: writeDraftJson(question),
    signal,
  });
  return readDraftJson(await response.text()) as T;
}
