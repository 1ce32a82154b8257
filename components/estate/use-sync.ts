'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useMessage } from '@/components/ui/use-message';
import type { StartSyncAction } from '@/lib/client/actions';
import { checkAnswer } from '@/lib/client/check-answer';
import { estateQuery, queryKeys } from '@/lib/client/queries';
import type { EstateView } from '@/lib/client/views';

type Sync = {
  readonly view: EstateView;
  readonly starting: boolean;
  /** The reason why a press of Refresh or a live read failed; null = no problem. */
  readonly problem: string | null;
  readonly refresh: () => void;
};

/** Returns a key that distinguishes one sync from another. */
function syncSignature({ sync }: EstateView): string {
  if (sync.state === 'never') return sync.state;
  return sync.state === 'running' ? `running ${sync.startedAt}` : sync.finishedAt;
}

/** Provides the estate of a connection as the server knows it now, and an action that starts a sync. */
export function useSync(connectionId: string, initial: EstateView, startSync: StartSyncAction): Sync {
  const t = useTranslations('estate');
  const message = useMessage('ui.refusal');
  const client = useQueryClient();
  // The sync shown when another was requested: until it is replaced, the worker has not begun.
  const [replaced, setReplaced] = useState<string | null>(null);
  const options = estateQuery(connectionId, replaced !== null);
  const query = useQuery({ ...options, initialData: initial });
  if (replaced !== null && replaced !== syncSignature(query.data)) setReplaced(null);
  const start = useMutation({
    mutationFn: () => checkAnswer(startSync(connectionId)),
    onMutate: () => setReplaced(syncSignature(query.data)),
    onSuccess: (answer) => {
      if (!answer.ok) setReplaced(null);
    },
    onError: () => setReplaced(null),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.estate(connectionId) }),
  });

  return {
    view: query.data,
    starting: start.isPending || replaced !== null,
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
