'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { StartSyncAction } from '@/lib/client/actions';
import { estateQuery } from '@/lib/client/queries';
import type { Estate } from '@/lib/estate/model';
import { type DeployedFunction, mergeFunction } from './merge-function';

/**
 * The estate that a page started with, with what was deployed on the page since, and anew once it has been read again.
 * The form's values are not touched by any of it.
 */
export function useLiveEstate(connectionId: string, initial: Estate, startSync: StartSyncAction) {
  const [deployed, setDeployed] = useState<readonly DeployedFunction[]>([]);
  const [isFollowing, setIsFollowing] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { data } = useQuery({ ...estateQuery(connectionId), enabled: isFollowing });
  const read = data?.estate ?? initial;

  const estate = useMemo(() => {
    const newest = read.takenAt > initial.takenAt ? read : initial;
    return deployed.reduce(mergeFunction, newest);
  }, [read, initial, deployed]);

  /** Takes a function at once, and has the estate read again behind it. */
  async function addFunction(fn: DeployedFunction) {
    setDeployed((known) => [...known, fn]);
    const answer = await startSync(connectionId);
    setRefusal(answer.ok ? null : (answer.error.form?.message ?? null));
    setIsFollowing(true);
  }

  return { estate, addFunction, sync: isFollowing ? (data?.sync ?? null) : null, refusal };
}
