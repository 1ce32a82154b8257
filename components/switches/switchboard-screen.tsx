'use client';

import { useQuery } from '@tanstack/react-query';
import { ArrowLeftRight, Plus, ShieldAlert, ShieldCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { Banner } from '@/components/ui/banner';
import { ButtonLink } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { EmptyState } from '@/components/ui/empty-state';
import { LiveRegion } from '@/components/ui/live-region';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { AsOf, Time } from '@/components/ui/time';
import { switchesQuery } from '@/lib/client/queries';
import type { SwitchboardView } from '@/lib/client/switch-views';
import { routes } from '@/lib/routes';
import { ControlHelp } from './control-help';
import { LastSwitches } from './last-switches';
import { SafetyRules } from './safety-rules';
import { type SwitchActions, SwitchRow } from './switch-row';

type SwitchboardScreenProps = SwitchActions & {
  readonly initial: SwitchboardView;
  /** The connection for a new Switch; null = there is none. */
  readonly connectionId: string | null;
};

/** All Switches with their controls. */
export function SwitchboardScreen({ initial, connectionId, ...actions }: SwitchboardScreenProps) {
  const t = useTranslations('switch');
  const [said, setSaid] = useState('');
  const { data: board, isRefetchError } = useQuery({ ...switchesQuery(), initialData: initial });
  const { switches } = board;
  const fired = switches.filter(({ state }) => state === 'failedOver').length;
  const armed = switches.filter(({ state }) => state === 'armed').length;
  const add =
    connectionId === null ? null : (
      <ButtonLink href={routes.newSwitch(connectionId)} icon={<Plus aria-hidden />}>
        {t('new')}
      </ButtonLink>
    );
  return (
    <>
      <ReadOnlyNote />
      <PageFrame>
        <PageHeader
          title={t('title')}
          sub={
            <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-12">
              {fired > 0 ? (
                <Chip tone="bad" icon={<ShieldAlert aria-hidden />}>
                  {t('fired', { count: fired })}
                </Chip>
              ) : null}
              {armed > 0 ? (
                <Chip tone="ok" icon={<ShieldCheck aria-hidden />}>
                  {t('armedCount', { count: armed })}
                </Chip>
              ) : null}
              <span>{t('count', { count: switches.length })}</span>
              <AsOf at={board.now} />
            </span>
          }
          actions={switches.length === 0 ? null : add}
        />
        {isRefetchError ? (
          <Banner tone="warn" title={t('stale')}>
            {t.rich('staleText', { time: () => <Time at={board.now} /> })}
          </Banner>
        ) : null}
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_292px]">
          <div className="grid min-w-0 gap-3">
            {switches.length === 0 ? (
              <Panel flush>
                <EmptyState
                  icon={<ArrowLeftRight aria-hidden />}
                  title={t('empty.title')}
                  actions={add ?? t('empty.noConnection')}
                >
                  {t('empty.text')}
                </EmptyState>
              </Panel>
            ) : (
              switches.map((view) => <SwitchRow key={view.id} view={view} onSay={setSaid} {...actions} />)
            )}
          </div>
          <div className="grid items-start gap-4 md:max-xl:grid-cols-2">
            <SafetyRules />
            <ControlHelp />
            <LastSwitches moves={board.moves} />
          </div>
        </div>
      </PageFrame>
      <LiveRegion message={said} />
    </>
  );
}
