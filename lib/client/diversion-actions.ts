import type { z } from 'zod';
import type { DiversionId } from '@/lib/diversion/diversion';
import type { DiversionDraft } from '@/lib/diversion/draft';
import type { Answer } from './actions';

/** Stores what the editor has; `diversionId` null = as a new diversion. */
export type SaveDraftAction = (input: {
  connectionId: string;
  diversionId: DiversionId | null;
  draft: z.input<typeof DiversionDraft>;
}) => Answer<{ diversionId: DiversionId }>;

/** Makes a new diversion, a draft, from another one. */
export type DuplicateDiversionAction = (input: {
  diversionId: DiversionId;
}) => Answer<{ diversionId: DiversionId }>;

export type DiscardDiversionAction = (input: { diversionId: DiversionId }) => Answer<null>;
