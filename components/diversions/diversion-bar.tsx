import { useTranslations } from 'next-intl';
import { Person } from '@/components/ui/base/person';
import { signed } from '@/components/ui/base/signed';
import { Copyable } from '@/components/ui/copyable';
import { TabLinks } from '@/components/ui/tab-links';
import { TextLink } from '@/components/ui/text-link';
import type { DiversionView, RevisionView } from '@/lib/contract/diversion';
import { routes } from '@/lib/routes';
import { AttentionList } from './attention-list';
import { BreakGlassNote } from './break-glass-mark';
import type { DiversionActions } from './change-dialogs';
import { DiversionCommands } from './diversion-commands';
import { DiversionCountdown } from './diversion-countdown';
import { RevisionPicker } from './revision-picker';
import { SeriesMark } from './series-mark';
import { StateChip } from './state-chip';

type Tab = 'plan' | 'run' | 'activity';

type DiversionBarProps = DiversionActions & {
  readonly diversion: DiversionView;
  readonly tab: Tab;
  /** The displayed revision; null = the diversion has no plan. */
  readonly revision: RevisionView | null;
};

/** The header shared by the pages of a diversion, its plans and its runs: state, countdown, and the tabs. */
export function DiversionBar({ diversion, tab, revision, ...actions }: DiversionBarProps) {
  const t = useTranslations('diversions.page');
  const { id, state, attention, newest, discarded, owner, current } = diversion;
  const cutover = current?.cutover ?? null;
  return (
    <div className="border-b border-line bg-surface px-3 pt-2.5 md:px-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Copyable value={id} />
        {/* A run says its own state. */}
        {tab === 'run' ? null : <StateChip state={state} hasOutage={current?.hasOutage ?? false} />}
        {cutover === null || current === null ? null : (
          <DiversionCountdown runState={current.runState} t0={cutover.t0} t1={cutover.t1} />
        )}
        <span className="text-12 text-ink-3">
          {t.rich('owner', { owner: () => <Person address={owner} /> })}
        </span>
        <SeriesMark series={diversion.series} />
        <DiversionCommands
          diversion={{
            id,
            kind: diversion.kind,
            connectionId: diversion.connection.id,
            state,
            newestNumber: newest?.number ?? null,
            current: current && {
              planId: current.planId,
              runId: current.runId,
              runState: current.runState,
              isBegun: current.isBegun,
              approvals: current.approvals,
            },
            isDiscarded: discarded !== null,
            isInSeries: diversion.series !== null,
            isRepeating: diversion.series?.kind === 'template' && !diversion.series.isStopped,
            disconnected: diversion.disconnected,
          }}
          offersRepeat={tab !== 'activity'}
          {...actions}
        />
      </div>
      {discarded === null ? null : (
        <p className="mt-1 text-12 text-ink-2">{t.rich('discarded', signed(discarded.by, discarded.at))}</p>
      )}
      <BreakGlassNote mark={(revision ?? current)?.approvals.breakGlass} />
      <div className="mt-1 empty:hidden">
        <AttentionList attention={attention} newest={newest} />
      </div>
      <div className="mt-1 flex flex-wrap items-end gap-x-4 gap-y-1">
        <Tabs diversion={diversion} tab={tab} revision={revision} />
        <Revisions diversion={diversion} tab={tab} revision={revision} />
      </div>
    </div>
  );
}

type ShownProps = Pick<DiversionBarProps, 'diversion' | 'tab' | 'revision'>;

function Tabs({ diversion, tab, revision }: ShownProps) {
  const t = useTranslations('diversions.page');
  const tabs: readonly { readonly tab: Tab; readonly href: string | null }[] = [
    { tab: 'plan', href: revision && routes.plan(revision.planId) },
    { tab: 'run', href: revision?.runId ? routes.run(revision.runId) : null },
    { tab: 'activity', href: routes.diversion(diversion.id) },
  ];
  return (
    <TabLinks
      label={t('tabs')}
      tabs={tabs.map((each) => ({
        name: t(`tab.${each.tab}`),
        href: each.href,
        isCurrent: each.tab === tab,
        whyNot: revision === null ? t('draft') : t('noRun'),
      }))}
    />
  );
}

/** Says whether the revision is superseded, and offers the others, each on the same tab if it exists. */
function Revisions({ diversion: { revisions, newest }, tab, revision }: ShownProps) {
  const t = useTranslations('diversions');
  if (revision === null || revisions.length < 2) return null;
  return (
    <div className="ml-auto flex flex-wrap items-center gap-2 pb-1.5 text-12">
      {revision.state === 'superseded' && newest !== null ? (
        <span className="text-warn-ink">
          {t.rich('page.superseded', {
            newest: () => <TextLink href={routes.plan(newest.planId)}>{newest.planId}</TextLink>,
          })}
        </span>
      ) : null}
      <RevisionPicker
        label={t('page.revision')}
        value={tab === 'activity' ? '' : revision.planId}
        revisions={revisions.map(({ planId, runId, number, state }) => ({
          value: planId,
          label: t('page.revisionOption', { number, plan: planId, state: t(`state.${state}`) }),
          href: tab === 'run' && runId !== null ? routes.run(runId) : routes.plan(planId),
        }))}
      />
    </div>
  );
}
