'use client';

import { useQuery } from '@tanstack/react-query';
import { healthQuery } from '@/lib/client/queries';
import type { HealthView } from '@/lib/client/views';
import { HealthPanel } from './health-panel';

/**
 * Shows the health of all parts as it is now. It needs no database, so it also tells why a page could not be made.
 * @param initial what the server knew when it made the page; without it there is nothing until the first answer
 */
export function LiveHealth({ initial }: { readonly initial?: HealthView }) {
  const { data } = useQuery({ ...healthQuery(), ...(initial === undefined ? {} : { initialData: initial }) });
  return data === undefined ? null : <HealthPanel health={data} />;
}
