'use client';

import { useQuery } from '@tanstack/react-query';
import { AccessPanel } from '@/components/plan/access-panel';
import { estateQuery } from '@/lib/client/queries';
import type { ConnectionView } from '@/lib/client/views';
import type { RunView } from '@/lib/run/model';

type RunAccessProps = { readonly run: RunView; readonly connection: ConnectionView };

/** Where the functions of an Access are reached, once its run is through; nothing for runs of other kinds. */
export function RunAccess({ run, connection }: RunAccessProps) {
  const isThrough = run.plan.diversion.kind === 'access' && run.state === 'done';
  const { data } = useQuery({ ...estateQuery(run.connectionId), enabled: isThrough });
  if (!isThrough) return null;
  return <AccessPanel plan={run.plan} connection={connection} estate={data?.estate ?? null} />;
}
