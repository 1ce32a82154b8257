'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { useMessage } from '@/components/ui/use-message';
import type { StartSyncAction } from '@/lib/client/actions';
import { answerOf } from '@/lib/client/answer-of';
import { estateQuery } from '@/lib/client/queries';
import type { Estate } from '@/lib/estate/model';
import { type DeployedFunction, mergeFunction } from './merge-function';

/**
 * The estate that a page started with, with what was deployed on the page since, and anew once it has been read again.
 * The form's values are not touched by any of it.
 */
export function useLiveEstate(connectionId: string, initial: Estate, startSync: StartSyncAction) {
  const [deployed, setDeployed] = useState<readonly DeployedFunction[]>([]);
  const t = useTranslations('diversion');
  const message = useMessage('ui.refusal');
  const reading = useMutation({ mutationFn: () => answerOf(startSync(connectionId)) });
  const [isAsked, setAsked] = useState(false);
  const isFollowing = isAsked || reading.isSuccess || reading.isError;
  const { data } = useQuery({ ...estateQuery(connectionId), enabled: isFollowing });
  const read = data?.estate ?? initial;

  const estate = useMemo(() => {
    // What was found out about one object stands in a reading of the same time.
    const newest = read.takenAt >= initial.takenAt ? read : initial;
    return deployed.reduce(mergeFunction, newest);
  }, [read, initial, deployed]);

  /** Takes a function at once, and has the estate read again behind it. */
  function addFunction(fn: DeployedFunction) {
    setDeployed((known) => [...known, fn]);
    reading.mutate();
  }

  /** Why the estate could not be read again; null while nothing speaks against it. */
  function problem(): string | null {
    if (reading.isError) return t('syncUnknown');
    if (reading.data?.ok === false) {
      const { form } = reading.data.error;
      return form === null ? t('syncUnknown') : message(form.message, form.values);
    }
    const failed = isFollowing && data?.sync.state === 'failed' ? data.sync.error : null;
    return failed === null ? null : `${failed.code}: ${failed.message}`;
  }

  return {
    estate,
    addFunction,
    /** Has what is found out from now on taken over. */
    follow: () => setAsked(true),
    isReading: isFollowing && data?.sync.state === 'running',
    problem: problem(),
  };
}
