'use client';

import { useQueries } from '@tanstack/react-query';
import { AccessPanel } from '@/components/plan/review/access-panel';
import { estateQuery } from '@/lib/client/estate-queries';
import type { ConnectionView } from '@/lib/contract/connection';
import { joinEstates } from '@/lib/estate/join-estates';
import type { RunView } from '@/lib/run/model/model';

type RunAccessProps = { readonly run: RunView; readonly connection: ConnectionView };

/** The addresses of an Access's functions once its run is done; renders nothing for runs of other kinds. */
export function RunAccess({ run, connection }: RunAccessProps) {
  const { diversion } = run.plan;
  const isThrough = diversion.kind === 'access' && run.state === 'done';
  const read = useQueries({
    queries: [run.connectionId, ...diversion.connections].map((id) => ({
      ...estateQuery(id),
      enabled: isThrough,
    })),
  });
  if (!isThrough) return null;
  const [own, ...others] = read.map(({ data }) => data?.estate ?? null);
  const estate =
    own == null
      ? null
      : joinEstates(
          own,
          others.flatMap((other) => other ?? []),
        );
  return <AccessPanel plan={run.plan} connection={connection} estate={estate} />;
}
