import { queryOptions } from '@tanstack/react-query';
import { read, readExisting } from '@/lib/client/fetch-json';
import { slowMs } from '@/lib/client/queries';
import type { RehearsalState } from '@/lib/contract/rehearsal';
import type { PlanId } from '@/lib/plan/model/model';

/** The interval while one is running: it takes seconds. */
const runningMs = 1000;

const isOpen = (state: RehearsalState | undefined) => state === 'queued' || state === 'running';

/** Builds the query for the rehearsals of a plan; it polls fast while one runs. */
export function rehearsalsQuery(planId: PlanId) {
  return queryOptions({
    queryKey: ['rehearsals', planId],
    queryFn: ({ signal }) => read('rehearsal.list', planId, signal),
    refetchInterval: (query) => (query.state.data?.some(({ state }) => isOpen(state)) ? runningMs : slowMs),
  });
}

/** Builds the query for a rehearsal; one that has ended does not change. */
export function rehearsalQuery(rehearsalId: string) {
  return queryOptions({
    queryKey: ['rehearsal', rehearsalId],
    queryFn: ({ signal }) => readExisting('rehearsal.get', rehearsalId, signal),
    refetchInterval: (query) => (isOpen(query.state.data?.state) ? runningMs : false),
  });
}
