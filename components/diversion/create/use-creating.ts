'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { askForCreating, type OptionsForm } from '@/components/diversion/draft/ask-draft';
import type { CreatingOf, CreatingSlice } from '@/lib/draft/creating/creating-slice';

/**
 * Provides what a dialog needs of the estate that creates something: the places that it offers, read when it opens, and
 * what already has the name that was entered, read before that is taken.
 */
export function useCreating({ place, draft: { creates } }: OptionsForm, isOpen = true) {
  const places = useQuery({
    // What the draft creates adds no place.
    queryKey: ['draftPlaces', place] as const,
    queryFn: ({ signal }) => askForCreating({ ...place, creates, of: { kind: 'places' } }, signal),
    enabled: isOpen,
  });
  const named = useMutation({
    mutationFn: (of: CreatingOf) => askForCreating({ ...place, creates, of }, new AbortController().signal),
  });
  return {
    /** null until they are read. */
    places: places.data ?? null,
    /** Reads what has a name, then calls `take` with it. */
    ask: (of: CreatingOf, take: (found: CreatingSlice) => void) => named.mutate(of, { onSuccess: take }),
    isAsking: named.isPending,
    /** True if the last question got no answer. */
    isFailed: named.isError || (places.isError && !places.isFetching),
    retry: () => void places.refetch(),
  };
}

/** The questions of a dialog. */
export type Creating = ReturnType<typeof useCreating>;
