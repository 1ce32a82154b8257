import { useTranslations } from 'next-intl';
import { Person } from '@/components/ui/base/person';
import { signed } from '@/components/ui/base/signed';
import { Copyable } from '@/components/ui/copyable';
import { TabLinks } from '@/components/ui/tab-links';
import { TextLink } from '@/components/ui/text-link';
import type { DiversionView, RevisionView } from '@/lib/contract/diversion';
import { type DiversionTab, diversionTabs, routes } from '@/lib/routes';
import { AttentionList } from './attention-list';
import { BreakGlassNote } from './break-glass-mark';
import type { DiversionActions } from './change-dialogs';
import { DiversionCommands } from './diversion-commands';
import { RevisionPicker } from './revision-picker';
import { SeriesMark } from './series-mark';

type ShownProps = {
  readonly diversion: DiversionView;
  /** The displayed revision; null = the diversion has no plan. */
  readonly revision: RevisionView | null;
};

/** The facts of a diversion beside its state: its id, its owner, what needs attention, its other revisions. */
export function DiversionNotes({ diversion, revision }: ShownProps) {
  const t = useTranslations('diversions.page');
  const { id, attention, newest, discarded, owner, current } = diversion;
  return (
    <>
      <Copyable value={id} />
      <span>{t.rich('owner', { owner: () => <Person address={owner} /> })}</span>
      <SeriesMark series={diversion.series} />
      {discarded === null ? null : (
        <p className="basis-full">{t.rich('discarded', signed(discarded.by, discarded.at))}</p>
      )}
      <div className="basis-full empty:hidden">
        <BreakGlassNote mark={(revision ?? current)?.approvals.breakGlass} />
        <AttentionList attention={attention} newest={newest} />
      </div>
    </>
  );
}

type DiversionHeadProps = ShownProps &
  DiversionActions & {
    /** True if the plan is shown although it has a run. */
    readonly showsPlan: boolean;
  };

/** The commands for the diversion as a whole. */
export function DiversionHeadCommands({ diversion, showsPlan, revision, ...actions }: DiversionHeadProps) {
  const { id, newest, current } = diversion;
  return (
    <DiversionCommands
      diversion={{
        id,
        kind: diversion.kind,
        connectionId: diversion.connection.id,
        state: diversion.state,
        newestNumber: newest?.number ?? null,
        current: current && {
          planId: current.planId,
          runId: current.runId,
          runState: current.runState,
          isBegun: current.isBegun,
          approvals: current.approvals,
        },
        isDiscarded: diversion.discarded !== null,
        isInSeries: diversion.series !== null,
        isRepeating: diversion.series?.kind === 'template' && !diversion.series.isStopped,
        disconnected: diversion.disconnected,
      }}
      isOfRun={!showsPlan && revision?.runId != null}
      {...actions}
    />
  );
}

type DiversionTabsProps = ShownProps & {
  readonly tab: DiversionTab;
  /** The plan or run that the address names; empty = the current one. */
  readonly shown: { readonly plan?: string; readonly run?: string };
};

/** The tabs of a diversion's page, and its other revisions. */
export function DiversionTabs({ diversion, revision, tab, shown }: DiversionTabsProps) {
  const t = useTranslations('diversions.page');
  return (
    <div className="flex flex-wrap items-end gap-x-4 gap-y-1 border-b border-line">
      <TabLinks
        label={t('tabs')}
        tabs={diversionTabs.map((each) => ({
          name: t(`tab.${each}`),
          href: routes.diversion(diversion.id, { ...shown, ...(each === 'now' ? {} : { tab: each }) }),
          isCurrent: each === tab,
        }))}
      />
      <Revisions diversion={diversion} revision={revision} />
    </div>
  );
}

/** Says whether the revision is superseded, and offers the others. */
function Revisions({ diversion: { id, revisions, newest }, revision }: ShownProps) {
  const t = useTranslations('diversions');
  if (revision === null || revisions.length < 2) return null;
  return (
    <div className="ml-auto flex flex-wrap items-center gap-2 pb-1.5 text-12">
      {revision.state === 'superseded' && newest !== null ? (
        <span className="text-warn-ink">
          {t.rich('page.superseded', {
            newest: () => (
              <TextLink href={routes.diversion(id, { plan: newest.planId })}>{newest.planId}</TextLink>
            ),
          })}
        </span>
      ) : null}
      <RevisionPicker
        label={t('page.revision')}
        value={revision.planId}
        revisions={revisions.map(({ planId, runId, number, state }) => ({
          value: planId,
          label: t('page.revisionOption', { number, plan: planId, state: t(`state.${state}`) }),
          href: routes.diversion(id, runId === null ? { plan: planId } : { run: runId }),
        }))}
      />
    </div>
  );
}
