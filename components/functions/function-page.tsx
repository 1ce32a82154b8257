'use client';

import { useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { type ComponentType, useState } from 'react';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { Banner, Callout } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { KindMark, Status } from '@/components/ui/chip';
import { Copyable } from '@/components/ui/copyable';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { TabLinks } from '@/components/ui/tab-links';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { functionQuery } from '@/lib/client/function-queries';
import { RightsOn, useMay } from '@/lib/client/session/rights';
import type { FunctionView } from '@/lib/contract/function';
import { routes } from '@/lib/routes';
import { DeleteFunction } from './delete-function';
import { FunctionGone } from './function-gone';
import type { FunctionPageProps } from './function-props';
import { type FunctionTab, functionTabs } from './function-tabs';
import { statusTone } from './status-tone';

/** The tabs; a page is sent with the displayed one. */
const tabContents: Readonly<Record<FunctionTab, ComponentType<FunctionPageProps>>> = {
  code: dynamic(() => import('./code-tab').then((module) => module.CodeTab)),
  versions: dynamic(() => import('./versions-tab').then((module) => module.VersionsTab)),
  use: dynamic(() => import('./use-tab').then((module) => module.UseTab)),
  calls: dynamic(() => import('./calls-tab').then((module) => module.CallsTab)),
  test: dynamic(() => import('./test-tab').then((module) => module.TestTab)),
  activity: dynamic(() => import('./activity-tab').then((module) => module.ActivityTab)),
};

type LiveFunctionPageProps = FunctionPageProps & { readonly tab: FunctionTab };

/** A function: its facts, and one of its tabs. */
export function FunctionPage({ connection, view: initial, actions, tab }: LiveFunctionPageProps) {
  const t = useTranslations('functions.page');
  const { data: view, isError } = useQuery({
    ...functionQuery(connection.id, initial.function),
    initialData: initial,
  });
  const uses = view?.uses ?? [];
  const place = { connections: [connection.id], regions: [initial.function.region] };
  // A change concerns the domains that lead to the function, too; a test invocation does not.
  const changed = { ...place, domains: uses.map(({ domain }) => domain) };
  const mayDelete = useMay('runCode', changed);
  const [isDeleting, setDeleting] = useState(false);
  // It was deleted in the meantime.
  if (view === null) return <FunctionGone connectionId={connection.id} />;
  const fn = view.function;
  const Tab = tabContents[tab];
  const props = { connection, view, actions };
  return (
    <>
      <ReadOnlyNote />
      <div className="border-b border-line bg-surface px-3 pt-3 md:px-5">
        <PageHeader
          title={fn.name}
          mark={
            <>
              <KindMark kind="scf" />
              <Status tone={statusTone(fn.status)}>{fn.status}</Status>
            </>
          }
          sub={
            <>
              <span className="mono">{fn.region}</span>
              <Copyable value={`${fn.namespace}/${fn.name}`} />
              <span>{fn.runtime}</span>
              <span>{t('limits', { memory: fn.memoryMb, timeout: fn.timeoutS })}</span>
              <span>{t.rich('changed', { time: () => <Time at={fn.modifiedAt} /> })}</span>
            </>
          }
          actions={
            mayDelete ? (
              <Button variant="danger" icon={<Trash2 aria-hidden />} onClick={() => setDeleting(true)}>
                {t('delete')}
              </Button>
            ) : null
          }
        />
        <div className="mt-2">
          <TabLinks
            label={t('tabs')}
            tabs={functionTabs.map((each) => ({
              name: t(`tab.${each}`),
              href: routes.function(connection.id, fn, each === 'code' ? undefined : each),
              isCurrent: each === tab,
            }))}
          />
        </div>
      </div>
      <PageFrame>
        {isError ? <Banner tone="bad" title={t('stale')} /> : null}
        {view.leftBy === null ? null : <LeftNote leftBy={view.leftBy} />}
        <RightsOn footprint={tab === 'test' ? { ...place, domains: [] } : changed}>
          <Tab {...props} />
        </RightsOn>
      </PageFrame>
      {isDeleting ? <DeleteFunction {...props} onClose={() => setDeleting(false)} /> : null}
    </>
  );
}

/** Says which rolled-back run has left the function without a rule. */
function LeftNote({ leftBy }: { readonly leftBy: NonNullable<FunctionView['leftBy']> }) {
  const t = useTranslations('functions.page');
  return (
    <Callout tone="warn" title={t('unusedNote')}>
      {t.rich('leftNote', {
        run: () => <TextLink href={routes.run(leftBy.runId)}>{leftBy.runId}</TextLink>,
        time: () => <Time at={leftBy.at} />,
      })}
    </Callout>
  );
}
