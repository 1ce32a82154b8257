'use client';

import { useEffect, useRef, useState } from 'react';
import { carryOver } from '@/components/diversion/draft/carry-over';
import { dropDraft, keepDraft, loadDraft } from '@/components/diversion/draft/draft-store';
import { type Asked, prefill } from '@/components/diversion/draft/prefill';
import { type Draft, emptyDraft, type Kind } from '@/lib/draft/draft';
import type { Estate } from '@/lib/estate/model';

type DraftInput = {
  /** The name under which the draft is stored: the connection, or the diversion that is edited. */
  readonly storedAs: string;
  /** The draft to begin with, in place of the address's content; null = that. */
  readonly initial: Draft | null;
  readonly estate: Estate;
  readonly asked: Asked;
  /** Returns the name of an untouched draft of a kind. */
  readonly nameOf: (kind: Kind) => string;
  /** Called with the kind shown now, so that the address can contain it. */
  readonly onKind: (kind: Kind) => void;
};

/** The draft stored in this tab: shown already, or waiting to be restored in place of the address's content. */
export type Left = 'none' | 'shown' | 'waiting';

/** Provides the editor's draft, from the address or from storage. It is stored on each change, one for each kind. */
export function useDraft({ storedAs, initial, estate, asked, nameOf, onKind }: DraftInput) {
  // Computed once, with the estate that the page started with.
  const [start] = useState(() =>
    initial === null ? prefill(estate, asked, nameOf) : { draft: initial, notes: [], isFilled: true },
  );
  const [draft, setDraft] = useState(start.draft);
  const [left, setLeft] = useState<{ readonly state: Left; readonly draft: Draft | null }>(nothingLeft);
  const drafts = useRef<Partial<Record<Kind, Draft>>>({});
  const isTouched = JSON.stringify(draft) !== JSON.stringify(emptyDraft(draft.kind, nameOf(draft.kind)));

  // The store is in the browser and the page is first rendered on the server, so it is read once, afterwards.
  const isOpened = useRef(false);
  useEffect(() => {
    if (isOpened.current) return;
    isOpened.current = true;
    const stored = loadDraft(storedAs, start.draft.kind);
    if (stored !== null) setLeft({ state: start.isFilled ? 'waiting' : 'shown', draft: stored });
    if (stored !== null && !start.isFilled) setDraft(stored);
  }, [storedAs, start]);

  // The address's content is stored once it is changed. Until then the address holds everything, and the stored draft
  // stays.
  useEffect(() => {
    if (!isTouched || draft === start.draft) return;
    keepDraft(storedAs, draft);
    onKind(draft.kind);
  }, [storedAs, draft, isTouched, start, onKind]);

  function changeKind(kind: Kind) {
    if (kind === draft.kind) return;
    drafts.current[draft.kind] = draft;
    const before = drafts.current[kind] ?? loadDraft(storedAs, kind) ?? undefined;
    setDraft(carryOver(estate, draft, kind, { before, nameOf }));
    setLeft(nothingLeft);
    onKind(kind);
  }

  function discard() {
    dropDraft(storedAs, draft.kind);
    drafts.current = {};
    setLeft(nothingLeft);
    setDraft(initial === null ? emptyDraft(draft.kind, nameOf(draft.kind)) : start.draft);
  }

  return {
    draft,
    setDraft,
    changeKind,
    discard,
    /** The plan is stored, so there is no draft to keep. */
    forget: () => dropDraft(storedAs, draft.kind),
    left: left.state,
    restore: () => {
      if (left.draft !== null) setDraft(left.draft);
      setLeft({ state: 'shown', draft: null });
    },
    notes: start.notes,
  };
}

const nothingLeft = { state: 'none', draft: null } as const;
