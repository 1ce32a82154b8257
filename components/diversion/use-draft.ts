'use client';

import { useEffect, useRef, useState } from 'react';
import type { Estate } from '@/lib/estate/model';
import { carryOver } from './carry-over';
import { type Draft, emptyDraft, type Kind } from './draft';
import { dropDraft, keepDraft, loadDraft } from './draft-store';
import { type Asked, prefill } from './prefill';

type DraftInput = {
  readonly connectionId: string;
  readonly estate: Estate;
  readonly asked: Asked;
  /** The name of an untouched draft of a kind. */
  readonly nameOf: (kind: Kind) => string;
  /** Told of the kind that is shown now, so that the address can say it. */
  readonly onKind: (kind: Kind) => void;
};

/** What was left in this tab: shown already, or to be had back instead of what the address asked for. */
export type Left = 'none' | 'shown' | 'waiting';

/** The draft of the editor: as the address asks for it or as it was left, kept with each change, one for each kind. */
export function useDraft({ connectionId, estate, asked, nameOf, onKind }: DraftInput) {
  // Once, with the estate that the page began with.
  const [start] = useState(() => prefill(estate, asked, nameOf));
  const [draft, setDraft] = useState(start.draft);
  const [left, setLeft] = useState<{ readonly state: Left; readonly draft: Draft | null }>(nothingLeft);
  const drafts = useRef<Partial<Record<Kind, Draft>>>({});
  const isTouched = JSON.stringify(draft) !== JSON.stringify(emptyDraft(draft.kind, nameOf(draft.kind)));

  // The store is the browser's, and the page was first drawn on the server: it is looked at once, afterwards.
  const isOpened = useRef(false);
  useEffect(() => {
    if (isOpened.current) return;
    isOpened.current = true;
    const stored = loadDraft(connectionId, start.draft.kind);
    if (stored !== null) setLeft({ state: start.isFilled ? 'waiting' : 'shown', draft: stored });
    if (stored !== null && !start.isFilled) setDraft(stored);
  }, [connectionId, start]);

  // What the address asks for is kept once it is changed: until then the address says it all, and what was left stays.
  useEffect(() => {
    if (!isTouched || draft === start.draft) return;
    keepDraft(connectionId, draft);
    onKind(draft.kind);
  }, [connectionId, draft, isTouched, start, onKind]);

  function changeKind(kind: Kind) {
    if (kind === draft.kind) return;
    drafts.current[draft.kind] = draft;
    const before = drafts.current[kind] ?? loadDraft(connectionId, kind) ?? undefined;
    setDraft(carryOver(estate, draft, kind, { before, nameOf }));
    setLeft(nothingLeft);
    onKind(kind);
  }

  function discard() {
    dropDraft(connectionId, draft.kind);
    drafts.current = {};
    setLeft(nothingLeft);
    setDraft(emptyDraft(draft.kind, nameOf(draft.kind)));
  }

  return {
    draft,
    setDraft,
    changeKind,
    discard,
    /** The plan is stored: there is nothing left to keep. */
    forget: () => dropDraft(connectionId, draft.kind),
    left: left.state,
    restore: () => {
      if (left.draft !== null) setDraft(left.draft);
      setLeft({ state: 'shown', draft: null });
    },
    notes: start.notes,
  };
}

const nothingLeft = { state: 'none', draft: null } as const;
