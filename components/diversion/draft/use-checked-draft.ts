'use client';

import { useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { CheckedDraft } from '@/lib/draft/answers/answer-draft';
import type { Draft } from '@/lib/draft/draft';
import type { DraftChange } from '@/lib/draft/draft-change';
import { showChange } from '@/lib/draft/show-change';
import { askDraft, type DraftPlace } from './ask-draft';

/** The pause in typing after which the draft is checked, in ms. */
const typingMs = 250;

/** A choice, and the key of its route, whose index may change until it is sent; null = it is of no route. */
type Pending = { readonly change: DraftChange; readonly key: string | null };

const toPending = (draft: Draft, change: DraftChange): Pending => ({
  change,
  key: 'index' in change ? (draft.routes[change.index]?.key ?? '') : null,
});

/** Returns the choices to send, each with the index that its route has now. */
function listChanges(draft: Draft, changes: readonly Pending[]): readonly DraftChange[] {
  return changes.flatMap(({ change, key }): readonly DraftChange[] => {
    if (key === null) return [change];
    const index = draft.routes.findIndex((route) => route.key === key);
    return index < 0 ? [] : [{ ...change, index } as DraftChange];
  });
}

type Editing = {
  readonly draft: Draft;
  /** Choices whose consequences the server still has to apply. */
  readonly changes: readonly Pending[];
  /** Counts what a person has changed; the server's answer to the last one is the current one. */
  readonly version: number;
  readonly isTyping: boolean;
};

/** The server's last answer, and the change and snapshot that it is of. */
type LastAnswer = CheckedDraft & { readonly basis: string; readonly version: number };

/** Resolves after a time; rejects as soon as the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** Returns whether a later change replaces an earlier one of the same choice. */
function replaces(later: Pending, earlier: Pending): boolean {
  return (
    later.key !== null &&
    later.key === earlier.key &&
    later.change.kind === earlier.change.kind &&
    !('made' in later.change) &&
    later.change.kind !== 'addTarget'
  );
}

/** Returns what identifies the controls of a draft: findings of another draft must not be shown at them. */
function shapeOf({ kind, routes }: Draft): string {
  return [kind, ...routes.map(({ key }) => key)].join(' ');
}

type Input = DraftPlace & {
  /** The draft to begin with, as the server has checked it. */
  readonly opened: CheckedDraft;
  /** The snapshot known to the page: another one is checked again. */
  readonly snapshot: string;
  /** Completes the draft that is sent, for pages that have no control for a part of it. */
  readonly complete?: (draft: Draft) => Draft;
};

const unchanged = (draft: Draft) => draft;

/**
 * Provides a draft that the server checks and plans after each change. A change is shown at once, and its consequences
 * as soon as the server has applied them. The last answer stays until the next one, and a newer change ends the request
 * for an older one. The draft itself is never lost: a failed request is repeated with the next change, or on demand.
 */
export function useCheckedDraft({ opened, snapshot, complete = unchanged, ...place }: Input) {
  const [editing, setEditing] = useState<Editing>({
    draft: opened.draft,
    changes: [],
    version: 0,
    isTyping: false,
  });
  const basis = `${snapshot} ${JSON.stringify(place)}`;
  const [last, setLast] = useState<LastAnswer>({ ...opened, basis, version: 0 });
  const { draft, changes, version } = editing;
  const isCurrent = last.version === version && last.basis === basis;
  const check = useQuery({
    queryKey: ['draft', basis, version],
    queryFn: async ({ signal }) => {
      if (editing.isTyping) await pause(typingMs, signal);
      const sent = { draft: complete(draft), changes: listChanges(draft, changes) };
      const answer = await askDraft({ ...place, ...sent }, signal);
      setEditing((now) =>
        now.version === version ? { ...now, draft: answer.draft, changes: [], isTyping: false } : now,
      );
      setLast({ ...answer, basis, version });
      return version;
    },
    enabled: !isCurrent,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

  const take = (change: (now: Editing) => Pick<Editing, 'draft' | 'changes'>, isTyping: boolean) =>
    setEditing((now) => ({ ...change(now), version: now.version + 1, isTyping }));

  const replace = useCallback(
    (next: Draft, following: readonly DraftChange[] = []) =>
      setEditing((now) => ({
        draft: following.reduce(showChange, next),
        changes: following.map((change) => toPending(next, change)),
        version: now.version + 1,
        isTyping: false,
      })),
    [],
  );

  return {
    draft,
    /** The checks' last result; of an earlier draft while `isCurrent` is false. */
    preview: last.preview,
    /** The part of the estate that the draft of that result refers to. */
    estate: last.estate,
    /** The options that the fields of that draft have chosen. */
    chosen: last.chosen,
    /** The draft that the result is of. */
    checkedDraft: last.draft,
    isCurrent,
    /** True if the findings belong to the controls that are shown. */
    isAligned: shapeOf(draft) === shapeOf(last.draft),
    failed: check.isError && !check.isFetching && !isCurrent,
    retry: () => void check.refetch(),
    /** Changes the draft in a way that needs no server: a text or number that is typed. */
    edit: (change: (draft: Draft) => Draft) =>
      take((now) => ({ draft: change(now.draft), changes: now.changes }), true),
    /** Makes a choice: the server applies what follows from it. */
    choose: (change: DraftChange, { isTyped = false } = {}) =>
      take(({ draft, changes }) => {
        const pending = toPending(draft, change);
        const others = changes.filter((earlier) => !replaces(pending, earlier));
        return { draft: showChange(draft, change), changes: [...others, pending] };
      }, isTyped),
    /** Replaces the draft. */
    replace,
  };
}

/** A draft that the server checks. */
export type CheckedDraftForm = ReturnType<typeof useCheckedDraft>;
