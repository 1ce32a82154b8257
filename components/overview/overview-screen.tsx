'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus, Split } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Banner } from '@/components/ui/banner';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { PageFrame } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { overviewQuery } from '@/lib/client/page-queries';
import { useMay } from '@/lib/client/session/rights';
import type { ConnectionView } from '@/lib/contract/connection';
import type { OverviewView, ShowChecklistAction } from '@/lib/contract/overview';
import { routes } from '@/lib/routes';
import { ChecklistPanel } from './checklist-panel';
import { HealthPanel } from './health-panel';
import { NeedsPanel } from './needs-panel';
import { Part } from './part';
import { RunningPanel } from './running-panel';
import { StatusTiles } from './status-tiles';
import { TrafficPanel } from './traffic-panel';
import { UpcomingPanel } from './upcoming-panel';

type OverviewScreenProps = {
  readonly initial: OverviewView;
  readonly connections: readonly ConnectionView[];
  readonly showChecklist: ShowChecklistAction;
};

/** The start page: open tasks, running and upcoming cutovers, and health, over all accounts. */
export function OverviewScreen({ initial, connections, showChecklist }: OverviewScreenProps) {
  const t = useTranslations('overview');
  const { data: overview, isError } = useQuery({ ...overviewQuery(), initialData: initial });
  return (
    <PageFrame>
      {isError ? (
        <Banner tone="warn" title={t.rich('stale', { time: () => <Time at={overview.now} /> })} />
      ) : null}
      <SandboxNotice connections={connections} />
      <StatusTiles overview={overview} />
      {overview.isFresh === true ? <Fresh connectionId={connections[0]?.id ?? null} /> : null}
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="grid min-w-0 gap-4">
          <NeedsPanel needs={overview.needs} />
          <RunningPanel running={overview.running} />
          <UpcomingPanel upcoming={overview.upcoming} />
        </div>
        <div className="grid min-w-0 gap-4">
          <Checklist checklist={overview.checklist} showChecklist={showChecklist} />
          <TrafficPanel traffic={overview.traffic} />
          <HealthPanel health={overview.health} />
        </div>
      </div>
    </PageFrame>
  );
}

function Checklist({
  checklist,
  showChecklist,
}: Pick<OverviewView, 'checklist'> & Pick<OverviewScreenProps, 'showChecklist'>) {
  const t = useTranslations('overview.checklist');
  if (checklist.value !== null)
    return <ChecklistPanel checklist={checklist.value} showChecklist={showChecklist} />;
  return (
    <Part title={t('title')} part={checklist}>
      {() => null}
    </Part>
  );
}

function SandboxNotice({ connections }: Pick<OverviewScreenProps, 'connections'>) {
  const t = useTranslations('overview.sandbox');
  const mayControl = useMay('runCode', 'everywhere');
  const names = connections.filter(({ kind }) => kind === 'sandbox').map(({ name }) => name);
  if (names.length === 0) return null;
  return (
    <Banner tone="sandbox" title={t('title', { names: names.join(', '), count: names.length })}>
      {t('text')} {mayControl ? <TextLink href={routes.sandbox()}>{t('link')}</TextLink> : null}
    </Banner>
  );
}

/** The first step on a machine without diversions. */
function Fresh({ connectionId }: { readonly connectionId: string | null }) {
  const t = useTranslations('overview.fresh');
  const mayOperate = useMay('operate');
  return (
    <Panel flush>
      <EmptyState
        icon={<Split aria-hidden />}
        title={t('title')}
        actions={
          connectionId === null ? null : (
            <>
              {mayOperate ? (
                <ButtonLink
                  variant="primary"
                  icon={<Plus aria-hidden />}
                  href={routes.newDiversion(connectionId, { kind: 'split' })}
                >
                  {t('action')}
                </ButtonLink>
              ) : null}
              <ButtonLink href={routes.estate(connectionId)}>{t('estate')}</ButtonLink>
            </>
          )
        }
      >
        {t('text')}
      </EmptyState>
    </Panel>
  );
}
