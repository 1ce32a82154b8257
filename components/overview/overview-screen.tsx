'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus, Split } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Banner } from '@/components/ui/banner';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { PageFrame } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import { overviewQuery } from '@/lib/client/page-queries';
import { useMay } from '@/lib/client/session/rights';
import type { ConnectionView } from '@/lib/contract/connection';
import type { OverviewView, ShowChecklistAction } from '@/lib/contract/overview';
import type { CommandRunAction } from '@/lib/contract/run';
import { routes } from '@/lib/routes';
import { ChecklistPanel } from './checklist-panel';
import { HealthPanel } from './health-panel';
import { NeedsPanel } from './needs-panel';
import { Part } from './part';
import { TrafficPanel } from './traffic-panel';
import { UpcomingPanel } from './upcoming-panel';

type OverviewScreenProps = {
  readonly initial: OverviewView;
  readonly connections: readonly ConnectionView[];
  readonly showChecklist: ShowChecklistAction;
  readonly commandRun: CommandRunAction;
};

/** The start page: what traffic does now, what needs a person, what comes next, and health, over all accounts. */
export function OverviewScreen({ initial, connections, showChecklist, commandRun }: OverviewScreenProps) {
  const t = useTranslations('overview');
  const connectionId = connections[0]?.id ?? null;
  const { data: overview, isError } = useQuery({ ...overviewQuery(), initialData: initial });
  return (
    <PageFrame>
      {isError ? (
        <Banner tone="warn" title={t.rich('stale', { time: () => <Time at={overview.now} /> })} />
      ) : null}
      {overview.isFresh === true ? (
        <Fresh connectionId={connectionId} />
      ) : (
        <TrafficPanel
          running={overview.running}
          traffic={overview.traffic}
          connectionId={connectionId}
          commandRun={commandRun}
        />
      )}
      <NeedsPanel needs={overview.needs} />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <UpcomingPanel upcoming={overview.upcoming} />
        <HealthPanel health={overview.health} />
        <Checklist checklist={overview.checklist} showChecklist={showChecklist} />
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
          connectionId === null || !mayOperate ? null : (
            <ButtonLink
              variant="primary"
              icon={<Plus aria-hidden />}
              href={routes.newDiversion(connectionId)}
            >
              {t('action')}
            </ButtonLink>
          )
        }
      >
        {t('text')}
      </EmptyState>
    </Panel>
  );
}
