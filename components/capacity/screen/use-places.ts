import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { OptionSource } from '@/components/ui/pickers/option-source';
import { useDebounced } from '@/components/ui/use-debounced';
import { historyPlacesQuery } from '@/lib/client/capacity-queries';

/** The pause in typing after which places are searched, in ms. */
const typingMs = 150;

/** Provides the load balancers, domains and paths of an account as options, fetched once the list opens. Typing finds others. */
export function usePlaces(connectionId: string): OptionSource {
  const t = useTranslations('capacity.monitor');
  const [isOpen, setIsOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const search = useDebounced(typed, typingMs).trim();
  const { data, isError, isFetching, isPlaceholderData, refetch } = useQuery(
    historyPlacesQuery(connectionId, search, isOpen),
  );
  const options = (data?.places ?? []).map(({ place, name, listener }) => ({
    value: JSON.stringify(place),
    label: place.domain === null ? t('whole', { name }) : `${place.domain}${place.url ?? ''}`,
    hint: listener === null ? place.region : `${listener}, ${name}`,
  }));
  return {
    options,
    more: data == null ? 0 : data.total - data.places.length,
    state: isError && !isFetching ? 'failed' : data === undefined || isPlaceholderData ? 'loading' : 'ready',
    onOpenChange: setIsOpen,
    onSearch: setTyped,
    // Typing finds the others.
    onMore: () => undefined,
    onRetry: () => void refetch(),
  };
}
