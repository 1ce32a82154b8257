'use client';

import { useEffect, useRef, useState } from 'react';
import { dropDraft, keepDraft, loadDrafts } from '@/components/diversion/draft/draft-store';
import type { CheckedDraftForm } from '@/components/diversion/draft/use-checked-draft';
import type { OpenedDraft } from '@/lib/draft/answers/answer-draft';
import { carryOver, type LostNames } from '@/lib/draft/carry-over';
import { type Draft, emptyDraft, type Kind } from '@/lib/draft/draft';

type DraftInput = {
  /** The name under which the draft is stored: the connection, or the diversion that is edited. */
  readonly storedAs: string;
  /** True if a diversion is edited: discarding goes back to that. */
  readonly isEditing: boolean;
  readonly opened: Pick<OpenedDraft, 'draft' | 'isFilled'>;
  readonly checked: Pick<CheckedDraftForm, 'draft' | 'replace'>;
  /** Returns the name of an untouched draft of a kind. */
  readonly nameOf: (kind: Kind) => string;
  /** Called with the kind shown now, so that the address can contain it. */
  readonly onKind: (kind: Kind) => void;
};

/** The draft stored in this tab: shown already, or waiting to be restored in place of the address's content. */
export type Left = 'none' | 'shown' | 'waiting';

/** Keeps the editor's draft in the tab, one for each kind, and changes the kind. It is stored on each change. */
export function useDraft({ storedAs, isEditing, checked, nameOf, onKind, ...input }: DraftInput) {
  // The page may be rendered again, for another account: the draft that it began with stays.
  const [opened] = useState(input.opened);
  const { draft, replace } = checked;
  const [left, setLeft] = useState<{ readonly state: Left; readonly draft: Draft | null }>(nothingLeft);
  const [lost, setLost] = useState<LostNames | null>(null);
  const drafts = useRef<Partial<Record<Kind, Draft>>>({});
  const isTouched = JSON.stringify(draft) !== JSON.stringify(emptyDraft(draft.kind, nameOf(draft.kind)));
  const isOpened = useRef(false);
  const isLeaving = useRef(false);
  const isChanged = useRef(false);
  // A check against a newer snapshot returns a new object; usually its content is the same.
  if (draft !== opened.draft && JSON.stringify(draft) !== JSON.stringify(opened.draft))
    isChanged.current = true;

  // The store is in the browser and the page is first rendered on the server, so it is read once, afterwards.
  useEffect(() => {
    if (isOpened.current) return;
    isOpened.current = true;
    void loadDrafts(storedAs).then((stored) => {
      drafts.current = { ...stored, ...drafts.current };
      const own = stored[opened.draft.kind];
      // Later input of the user takes precedence.
      if (own === undefined || isChanged.current) return;
      setLeft({ state: opened.isFilled ? 'waiting' : 'shown', draft: own });
      if (!opened.isFilled) replace(own);
    });
  }, [storedAs, opened, replace]);

  // The address's content is stored once it is changed. Until then the address holds everything, and the stored draft
  // stays. A check that is answered while the page changes must not store the draft again, or change the address, which
  // would end the navigation.
  useEffect(() => {
    if (!isTouched || !isChanged.current || isLeaving.current) return;
    keepDraft(storedAs, draft);
    onKind(draft.kind);
  }, [storedAs, draft, isTouched, onKind]);

  function changeKind(kind: Kind) {
    if (kind === draft.kind) return;
    drafts.current[draft.kind] = draft;
    const carried = carryOver(draft, kind, { before: drafts.current[kind], nameOf });
    replace(carried.draft, carried.changes);
    setLost(carried.lost);
    setLeft(nothingLeft);
    onKind(kind);
  }

  function discard() {
    dropDraft(storedAs, draft.kind);
    drafts.current = {};
    setLeft(nothingLeft);
    setLost(null);
    replace(isEditing ? opened.draft : emptyDraft(draft.kind, nameOf(draft.kind)));
  }

  return {
    changeKind,
    discard,
    /** The draft or its plan is stored and the page changes, so there is no draft to keep. */
    forget: () => {
      isLeaving.current = true;
      dropDraft(storedAs, draft.kind);
    },
    left: left.state,
    restore: () => {
      if (left.draft !== null) replace(left.draft);
      setLeft({ state: 'shown', draft: null });
    },
    /** The names that the last change of the kind has dropped. */
    lost,
  };
}

const nothingLeft = { state: 'none', draft: null } as const;
