'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMessage } from '@/components/ui/use-message';
import type { StartSyncAction } from '@/lib/client/actions';
import { estateQuery, queryKeys } from '@/lib/client/queries';
import type { EstateView } from '@/lib/client/views';

type Sync = {
  readonly view: EstateView;
  readonly starting: boolean;
  /** Why a press of Refresh or a live read did not work; null = all is well. */
  readonly problem: string | null;
  readonly refresh: () => void;
};

/** The estate of a connection as the server knows it now, and the way to have it read again. */
export function useSync(connectionId: string, initial: EstateView, startSync: StartSyncAction): Sync {
  const t = useTranslations('estate');
  const message = useMessage('ui.refusal');
  const client = useQueryClient();
  const query = useQuery({ ...estateQuery(connectionId), initialData: initial });
  const start = useMutation({
    mutationFn: () => startSync(connectionId),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.estate(connectionId) }),
  });

  return {
    view: query.data,
    starting: start.isPending,
    problem: problem(),
    refresh: () => start.mutate(),
  };

  function problem(): string | null {
    if (start.isError) return t('startFailed');
    if (start.data?.ok === false) {
      const form = start.data.error.form;
      if (form === null) return t('startFailed');
      return message(form.message, form.values);
    }
    return query.isError ? t('readFailed') : null;
  }
}
