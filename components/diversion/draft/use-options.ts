'use client';

import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { OptionSource } from '@/components/ui/pickers/option-source';
import { useDebounced } from '@/components/ui/use-debounced';
import type { Draft } from '@/lib/draft/draft';
import type { FieldOption } from '@/lib/draft/options/answer-options';
import type { OptionsOf, OptionsQuestion } from '@/lib/draft/options/options-question';
import { askOptions, type DraftPlace } from './ask-draft';

/** The options that a list gets at once, and again at its end. */
const perPage = 50;

/** The pause in typing after which options are searched, in ms. */
const typingMs = 150;

/** The time that options stay fresh, in ms: a list that is opened again soon shows the same. */
const freshMs = 5000;

type Options<T> = Omit<OptionSource, 'options'> & { readonly options: readonly T[] };

function optionsQuery(place: DraftPlace, question: OptionsQuestion, isOpen: boolean) {
  return queryOptions({
    queryKey: ['draftOptions', place, question] as const,
    queryFn: ({ signal }) => askOptions({ ...place, ...question }, signal),
    enabled: isOpen,
    staleTime: freshMs,
  });
}

/**
 * Provides the options of a field, fetched once its list opens: the first ones, then those that match what is typed. If
 * the first ones are all, they are searched in the page.
 */
export function useOptions(
  place: DraftPlace,
  { creates }: Pick<Draft, 'creates'>,
  of: OptionsOf,
): Options<FieldOption> {
  const key = JSON.stringify(of);
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState({ key, limit: perPage });
  const limit = asked.key === key ? asked.limit : perPage;
  const settled = useDebounced(typed, typingMs);
  const question = { of, creates, search: '', limit: perPage };
  const first = useQuery(optionsQuery(place, question, isOpen));
  const isAll = first.data !== undefined && first.data.total <= first.data.options.length;
  const isFurther = !isAll && first.data !== undefined && (settled.trim() !== '' || limit > perPage);
  const further = useQuery({
    ...optionsQuery(place, { ...question, search: settled.trim(), limit }, isOpen && isFurther),
    // While one more word is typed, what the others found stays; options of other choices don't.
    placeholderData: (found, query) => (JSON.stringify(query?.queryKey[2].of) === key ? found : undefined),
  });
  const shown = isFurther ? further : first;
  const data = shown.data ?? first.data;
  const isSettling = !isAll && typed !== settled;
  return {
    options: data?.options ?? [],
    more: data === undefined ? 0 : data.total - data.options.length,
    state:
      shown.isError && !shown.isFetching
        ? 'failed'
        : data === undefined || shown.isPlaceholderData || isSettling
          ? 'loading'
          : 'ready',
    onOpenChange: setOpen,
    onSearch: (text) => {
      setTyped(text);
      setAsked({ key, limit: perPage });
    },
    onMore: () => setAsked({ key, limit: limit + perPage }),
    onRetry: () => void shown.refetch(),
  };
}
