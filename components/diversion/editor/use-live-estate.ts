'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useMessage } from '@/components/ui/use-message';
import { checkAnswer } from '@/lib/client/check-answer';
import { estateSummaryQuery } from '@/lib/client/editor-queries';
import type { StartSyncAction } from '@/lib/contract/connection';
import type { DeployedFunction } from '@/lib/draft/creating/merge-function';
import type { EstateSlice } from '@/lib/draft/estate-slice';

type Taken = Pick<EstateSlice, 'takenAt' | 'partsAt'>;

/**
 * Provides the time of the newest snapshot, beginning with the one that a page started with, and the functions that
 * were deployed on the page since.
 */
export function useLiveEstate(connectionId: string, initial: Taken, startSync: StartSyncAction) {
  const [deployed, setDeployed] = useState<readonly DeployedFunction[]>([]);
  const t = useTranslations('diversion');
  const message = useMessage('ui.refusal');
  const reading = useMutation({ mutationFn: () => checkAnswer(startSync(connectionId)) });
  const [isAsked, setAsked] = useState(false);
  const isFollowing = isAsked || reading.isSuccess || reading.isError;
  const { data } = useQuery({ ...estateSummaryQuery(connectionId), enabled: isFollowing });
  const read = data?.estate ?? initial;
  // An update of a single object keeps the snapshot's time.
  const { takenAt, partsAt } = read.takenAt >= initial.takenAt ? read : initial;

  /** Adds a function at once, then starts a sync. */
  function addFunction(fn: DeployedFunction) {
    setDeployed((known) => [...known, fn]);
    reading.mutate();
  }

  /** Returns the reason why the estate could not be synced; null if there is no problem. */
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
    /** The key of the newest snapshot. */
    version: `${takenAt} ${partsAt}`,
    takenAt,
    /** The functions that this page has deployed. */
    deployed,
    addFunction,
    /** Applies estate updates from now on. */
    follow: () => setAsked(true),
    isReading: isFollowing && data?.sync.state === 'running',
    problem: problem(),
  };
}
