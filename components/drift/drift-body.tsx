'use client';

import { CircleCheck, CircleHelp, ListChecks } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { StateCompare } from '@/components/steps/state-compare';
import { Banner } from '@/components/ui/banner';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { VirtualItems } from '@/components/ui/tables/virtual-items';
import { TextLink } from '@/components/ui/text-link';
import { AsOf } from '@/components/ui/time';
import type { ConnectionView } from '@/lib/contract/connection';
import type {
  AcceptedDriftView,
  DriftActions,
  DriftedView,
  DriftView,
  ExpectedBy,
  UnknownDriftView,
} from '@/lib/contract/drift';
import { routes } from '@/lib/routes';
import { AcceptanceLine, ByLine, ObjectHead } from './drift-parts';
import { PlanDrift } from './plan-drift';

type DriftBodyProps = {
  readonly view: DriftView;
  readonly connection: ConnectionView;
  readonly actions: DriftActions;
  /** True if the last live read failed, so the data shown may be stale. */
  readonly isStale: boolean;
};

/** Lists the drift plan by plan, then unknown objects, then accepted drift. */
export function DriftBody({ view, connection, actions, isStale }: DriftBodyProps) {
  const t = useTranslations('drift');
  const { drifted, unknown, accepted, watched, takenAt } = view;
  return (
    <>
      {isStale ? <Banner tone="bad" title={t('failed')} /> : null}
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <p className="font-medium">{t('summary', { drifted: drifted.length, watched })}</p>
        <AsOf at={takenAt} />
        <TextLink className="text-12 md:ml-auto" href={routes.changes(connection.id)} prefetch={false}>
          {t('toChanges')}
        </TextLink>
      </div>
      {groupByPlan(drifted).map(({ by, items }) => (
        <PlanDrift key={by.planId} by={by} items={items} connectionId={connection.id} actions={actions} />
      ))}
      {drifted.length === 0 ? <Nothing watched={watched} unknown={unknown.length} /> : null}
      {unknown.length > 0 ? <UnknownList items={unknown} /> : null}
      {accepted.length > 0 ? <AcceptedList items={accepted} /> : null}
    </>
  );
}

function Nothing({ watched, unknown }: { readonly watched: number; readonly unknown: number }) {
  const t = useTranslations('drift');
  if (watched === 0)
    return (
      <Panel>
        <EmptyState
          icon={<ListChecks aria-hidden />}
          title={t('empty.title')}
          actions={<ButtonLink href={routes.diversions()}>{t('empty.action')}</ButtonLink>}
        >
          {t('empty.text')}
        </EmptyState>
      </Panel>
    );
  return (
    <Panel>
      {unknown > 0 ? (
        <EmptyState icon={<CircleHelp aria-hidden />} title={t('noneKnown.title')}>
          {t('noneKnown.text', { unknown })}
        </EmptyState>
      ) : (
        <EmptyState icon={<CircleCheck aria-hidden />} title={t('none.title')}>
          {t('none.text', { watched })}
        </EmptyState>
      )}
    </Panel>
  );
}

/** Groups drift by the plan whose baseline it differs from; the plan that wrote last comes first. */
function groupByPlan(
  drifted: readonly DriftedView[],
): readonly { readonly by: ExpectedBy; readonly items: readonly [DriftedView, ...DriftedView[]] }[] {
  const groups = new Map<string, [DriftedView, ...DriftedView[]]>();
  for (const item of drifted) {
    const known = groups.get(item.by.planId);
    if (known === undefined) groups.set(item.by.planId, [item]);
    else known.push(item);
  }
  return [...groups.values()]
    .map((items) => ({ by: items[0].by, items }))
    .sort((a, b) => b.by.leftAt.localeCompare(a.by.leftAt));
}

const keyOf = ({ key }: { readonly key: string }) => key;
/** The usual heights of items in px. */
const acceptedPx = 170;
const unknownPx = 66;

/** Objects whose drift was accepted. */
function AcceptedList({ items }: { readonly items: readonly AcceptedDriftView[] }) {
  const t = useTranslations('drift');
  return (
    <Panel title={t('acceptedTitle')} flush>
      <VirtualItems
        as="ul"
        items={items}
        itemId={keyOf}
        itemPx={acceptedPx}
        item={({ key, object, by, expected, found, accepted }, place) => (
          <li key={key} {...place} className="grid gap-1.5 border-b border-line px-4 py-3 last:border-b-0">
            <ObjectHead object={object} />
            <AcceptanceLine accepted={accepted} />
            <StateCompare
              from={{ title: t('instead'), state: expected }}
              to={{ title: t('acceptedState'), state: found }}
            />
            <p className="text-12 text-ink-2">
              <ByLine by={by} />
            </p>
          </li>
        )}
      />
    </Panel>
  );
}

/** Objects whose drift is unknown, each with the reason. */
function UnknownList({ items }: { readonly items: readonly UnknownDriftView[] }) {
  const t = useTranslations('drift.unknown');
  return (
    <Panel title={t('title')} flush>
      <VirtualItems
        as="ul"
        items={items}
        itemId={keyOf}
        itemPx={unknownPx}
        item={({ key, object, by, why }, place) => (
          <li key={key} {...place} className="grid gap-1 border-b border-line px-4 py-2.5 last:border-b-0">
            <ObjectHead object={object} />
            <p className="text-12 text-ink-2">
              <Why why={why} /> · <ByLine by={by} />
            </p>
          </li>
        )}
      />
    </Panel>
  );
}

function Why({ why }: Pick<UnknownDriftView, 'why'>) {
  const t = useTranslations('drift.unknown');
  if (why.kind === 'busy')
    return t.rich('busy', { run: () => <TextLink href={routes.run(why.runId)}>{why.runId}</TextLink> });
  return why.kind === 'unread' ? t('unread', { part: why.part }) : t('notSynced');
}
