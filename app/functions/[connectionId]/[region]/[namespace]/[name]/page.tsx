import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { orForbidden } from '@/app/or-forbidden';
import { FunctionGone } from '@/components/functions/function-gone';
import { FunctionPage } from '@/components/functions/function-page';
import { readFunctionTab } from '@/components/functions/function-tabs';
import { AppShell } from '@/components/shell/app-shell';
import { routes } from '@/lib/routes';
import { listConnections } from '@/lib/server/connections/list-connections';
import {
  deleteAlias,
  deleteFunction,
  deleteVersion,
  publishVersion,
  setAlias,
  setProvisioned,
} from '@/lib/server/functions/change-function';
import { deployFunction } from '@/lib/server/functions/deploy-function';
import { getFunction } from '@/lib/server/functions/get-function';
import { startTestInvocation } from '@/lib/server/functions/start-test-invocation';

type Props = {
  readonly params: Promise<{ connectionId: string; region: string; namespace: string; name: string }>;
  readonly searchParams: Promise<{ tab?: string }>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function OneFunctionPage({ params, searchParams }: Props) {
  const [path, { tab }, connections, t, own] = await Promise.all([
    params,
    searchParams,
    listConnections(),
    getTranslations('shell'),
    getTranslations('functions'),
  ]);
  const connectionId = decodeURIComponent(path.connectionId);
  const connection = connections.find(({ id }) => id === connectionId);
  const id = {
    region: decodeURIComponent(path.region),
    namespace: decodeURIComponent(path.namespace),
    name: decodeURIComponent(path.name),
  };
  const view = await orForbidden(getFunction({ connectionId, ...id }));
  if (connection === undefined) notFound();
  const trail = [
    { label: t('section.estate'), href: routes.estate(connectionId) },
    { label: own('title'), href: routes.functions(connectionId) },
    { label: id.name },
  ];
  return (
    <AppShell
      connections={connections}
      connectionId={connectionId}
      section="estate"
      tab="functions"
      head={{ trail }}
    >
      {view === null ? (
        <FunctionGone connectionId={connectionId} />
      ) : (
        <FunctionPage
          connection={connection}
          view={view}
          tab={readFunctionTab(tab)}
          actions={{
            deleteAlias,
            deleteFunction,
            deleteVersion,
            deployFunction,
            publishVersion,
            setAlias,
            setProvisioned,
            startTestInvocation,
          }}
        />
      )}
    </AppShell>
  );
}
