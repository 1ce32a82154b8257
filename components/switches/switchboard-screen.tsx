'use client';

import { useQuery } from '@tanstack/react-query';
import { ArrowLeftRight, Plus, ShieldAlert, ShieldCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { RunStateMark } from '@/components/run/list/run-state-mark';
import { ReadOnlyNote } from '@/components/shell/read-only-note';
import { Banner } from '@/components/ui/banner';
import { signed } from '@/components/ui/base/signed';
import { ButtonLink } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { EmptyState } from '@/components/ui/empty-state';
import { LiveRegion } from '@/components/ui/live-region';
import { PageFrame, PageHeader } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import { AsOf, Time } from '@/components/ui/time';
import { switchesQuery } from '@/lib/client/page-queries';
import { RightsOn, useMay } from '@/lib/client/session/rights';
import type { SwitchboardView, SwitchMoveView } from '@/lib/contract/switch';
import { routes } from '@/lib/routes';
import { findProgress } from './failover-line';
import { type SwitchActions, SwitchRow } from './switch-row';

type SwitchboardScreenProps = SwitchActions & {
  readonly initial: SwitchboardView;
  /** The connection for a new Switch; null = no account is connected. */
  readonly connectionId: string | null;
  /** Panels about the rules and the controls, which only the server renders. */
  readonly help: ReactNode;
};

/** All Switches with their controls. */
export function SwitchboardScreen({ initial, connectionId, help, ...actions }: SwitchboardScreenProps) {
  const t = useTranslations('switch');
  const mayOperate = useMay('operate');
  const [said, setSaid] = useState('');
  const { data: board, isRefetchError } = useQuery({ ...switchesQuery(), initialData: initial });
  const { switches } = board;
  const fired = switches.filter(
    (view) => view.state === 'failedOver' && findProgress(view) === 'moved',
  ).length;
  const enabled = switches.filter(({ state }) => state === 'enabled').length;
  const add =
    connectionId === null || !mayOperate ? null : (
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
          facts={
            <>
              {fired > 0 ? (
                <Chip tone="bad" icon={<ShieldAlert aria-hidden />}>
                  {t('fired', { count: fired })}
                </Chip>
              ) : null}
              {enabled > 0 ? (
                <Chip tone="ok" icon={<ShieldCheck aria-hidden />}>
                  {t('enabledCount', { count: enabled })}
                </Chip>
              ) : null}
              <span>{t('count', { count: switches.length })}</span>
              <AsOf at={board.now} />
            </>
          }
          actions={switches.length === 0 ? null : add}
        />
        {mayOperate ? null : <p className="text-12 text-ink-2">{t('onlyOperators')}</p>}
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
                  actions={add ?? (mayOperate ? t('empty.noConnection') : null)}
                >
                  {t('empty.text')}
                </EmptyState>
              </Panel>
            ) : (
              switches.map((view) => (
                <RightsOn key={view.id} footprint={view.footprint}>
                  <SwitchRow view={view} onAnnounce={setSaid} {...actions} />
                </RightsOn>
              ))
            )}
          </div>
          <div className="grid items-start gap-4 md:max-xl:grid-cols-2">
            {help}
            <LastSwitches moves={board.moves} />
          </div>
        </div>
      </PageFrame>
      <LiveRegion message={said} />
    </>
  );
}

/** The last moves, newest first, each linked to its run. */
function LastSwitches({ moves }: { readonly moves: readonly SwitchMoveView[] }) {
  const t = useTranslations('switch.last');
  return (
    <Panel
      title={t('title')}
      flush
      footer={<TextLink href={`${routes.diversions()}?kind=switch`}>{t('all')}</TextLink>}
    >
      {moves.length === 0 ? (
        <p className="px-4 py-3 text-12 text-ink-2">{t('none')}</p>
      ) : (
        <ol className="grid gap-2.5 px-4 py-2.5 text-12">
          {moves.map((move) => (
            <Move key={move.runId} move={move} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Move({ move }: { readonly move: SwitchMoveView }) {
  const t = useTranslations('switch');
  const { runId, at, by, actor, state, hasOutage, domain, toward, percent } = move;
  return (
    <li className="grid gap-0.5">
      <div className="flex flex-wrap items-center gap-x-2">
        <span className="text-ink-3 tabular-nums">
          <Time at={at} />
        </span>
        {by === 'failover' ? (
          <b className="font-semibold text-bad-ink">{t('last.failover')}</b>
        ) : (
          <span className="text-ink-2">{t.rich('last.person', { by, ...signed(actor, at) })}</span>
        )}
        <span className="ml-auto">
          <RunStateMark state={state} hasOutage={hasOutage} />
        </span>
      </div>
      <TextLink href={routes.run(runId)} className="min-w-0">
        <span className="min-w-0 break-words">
          {t('last.move', { domain, side: t(`side.${toward}`), percent })}
        </span>
      </TextLink>
    </li>
  );
}
