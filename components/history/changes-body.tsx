'use client';

import { ChevronRight, History } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { EmptyState, NothingMatches } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import type { EstateChangesView, ObjectChangeView, ResetView } from '@/lib/contract/estate';
import { ChangeItem } from './change-item';
import type { ChangesState } from './changes-state';

function says(item: ObjectChangeView, words: string): boolean {
  const actors = item.who.actors.flatMap((actor) => [
    actor.action,
    ...(actor.kind === 'run' ? [actor.runId, actor.actor, actor.requestId] : []),
    ...(actor.kind === 'user' ? [actor.user, actor.requestId] : []),
    ...(actor.kind === 'function' ? [actor.actor] : []),
  ]);
  return [item.name, item.place, item.change.key, ...actors].some((text) =>
    text.toLowerCase().includes(words),
  );
}

/**
 * Returns the changes that match the selection.
 * @param all also include changes without an actor, such as the health of targets
 */
function findChanges(
  changes: readonly ObjectChangeView[],
  { search, all }: { readonly search: string; readonly all: boolean },
): readonly ObjectChangeView[] {
  const words = search.trim().toLowerCase();
  return changes.filter((item) => (all || !item.measured) && (words === '' || says(item, words)));
}

/** Returns the resets that match a search by their actor, or with their matching changes. */
function findResets(resets: readonly ResetView[], { search }: ChangesState): readonly ResetView[] {
  const words = search.trim().toLowerCase();
  return resets.flatMap((reset) => {
    if (words === '' || reset.actor.toLowerCase().includes(words)) return [reset];
    const changes = reset.changes.filter((item) => says(item, words));
    return changes.length === 0 ? [] : [{ ...reset, changes }];
  });
}

/** The order of changes by the list of their objects: objects that operators divert first, derived ones last. */
const order: readonly string[] = ['rules', 'listeners', 'records', 'loadBalancers', 'functions', 'zones'];

/** Groups changes by kind, in display order. */
function groupChanges(changes: readonly ObjectChangeView[]): readonly {
  readonly kind: ObjectChangeView['change']['kind'];
  readonly items: readonly ObjectChangeView[];
}[] {
  const groups = new Map<ObjectChangeView['change']['kind'], ObjectChangeView[]>();
  for (const item of changes) {
    const known = groups.get(item.change.kind) ?? [];
    groups.set(item.change.kind, known);
    known.push(item);
  }
  const rank = (kind: string) => (order.includes(kind) ? order.indexOf(kind) : order.length);
  return [...groups]
    .sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .map(([kind, items]) => ({ kind, items }));
}

type ChangesListProps = {
  readonly changes: readonly ObjectChangeView[];
  readonly connectionId: string;
  readonly zone: string | null;
};

/** The number of objects of a kind shown at first, and added per click. */
const pageSize = 50;

/** Changes, grouped by the kind of their objects. */
function ChangesList({ changes, connectionId, zone }: ChangesListProps) {
  return groupChanges(changes).map(({ kind, items }) => (
    <ChangesOfKind key={kind} kind={kind} items={items} connectionId={connectionId} zone={zone} />
  ));
}

type ChangesOfKindProps = Omit<ChangesListProps, 'changes'> & ReturnType<typeof groupChanges>[number];

function ChangesOfKind({ kind, items, connectionId, zone }: ChangesOfKindProps) {
  const t = useTranslations('history');
  return (
    <Panel
      title={t(`kind.${kind}`)}
      aside={<span className="text-12 text-ink-2">{t('count', { count: items.length })}</span>}
      flush
    >
      <ChangeItems items={items} connectionId={connectionId} zone={zone} />
    </Panel>
  );
}

/** A list of changes with a button that shows more. */
function ChangeItems({ items, connectionId, zone }: Omit<ChangesOfKindProps, 'kind'>) {
  const t = useTranslations('history');
  const [shown, setShown] = useState(pageSize);
  const more = Math.min(pageSize, items.length - shown);
  return (
    <>
      <ul>
        {items.slice(0, shown).map((item) => (
          <ChangeItem key={item.change.key} item={item} connectionId={connectionId} zone={zone} />
        ))}
      </ul>
      {more > 0 ? (
        <div className="border-t border-line px-4 py-2">
          <Button size="sm" onClick={() => setShown(shown + pageSize)}>
            {t('more', { count: more })}
          </Button>
        </div>
      ) : null}
    </>
  );
}

type ResetsProps = Omit<ChangesListProps, 'changes'> & { readonly resets: readonly ResetView[] };

/** Replacements of the sandbox data: one entry each, expandable to the objects that it changed. */
function Resets({ resets, connectionId, zone }: ResetsProps) {
  const t = useTranslations('history.reset');
  return (
    <Panel title={t('title')} flush>
      {resets.map(({ id, kind, actor, at, changes, total }) => (
        <details key={id} className="group border-b border-line last:border-b-0">
          <summary className="flex cursor-pointer list-none flex-wrap items-center gap-x-2 gap-y-1 px-4 py-3 hover:bg-hover">
            <ChevronRight
              aria-hidden
              className="size-4 shrink-0 text-ink-3 transition-transform group-open:rotate-90"
            />
            <span className="font-medium">{t(`kind.${kind}`, { actor })}</span>
            <Time at={at} pageZone={zone} />
            <span className="text-12 text-ink-2 md:ml-auto">{t('count', { count: total })}</span>
          </summary>
          {total > changes.length ? (
            <p className="px-4 pb-2 text-12 text-ink-2">{t('cut', { count: changes.length })}</p>
          ) : null}
          <div className="border-t border-line">
            <ChangeItems items={changes} connectionId={connectionId} zone={zone} />
          </div>
        </details>
      ))}
    </Panel>
  );
}

type ChangesBodyProps = {
  readonly view: EstateChangesView;
  readonly connectionId: string;
  readonly state: ChangesState;
  readonly onChange: (part: Partial<ChangesState>) => void;
  /** True if the last live read failed, so the data shown may be stale. */
  readonly isStale: boolean;
};

/** The changes between the two instants. */
export function ChangesBody({ view, connectionId, state, onChange, isStale }: ChangesBodyProps) {
  const t = useTranslations('history');
  const shown = useMemo(() => findChanges(view.changes, state), [view, state]);
  const resets = useMemo(() => findResets(view.resets, state), [view, state]);
  const time = (at: string) => <Time at={at} pageZone={state.zone} />;
  return (
    <>
      <ChangesNotices view={view} state={state} isStale={isStale} />
      {resets.length > 0 ? <Resets resets={resets} connectionId={connectionId} zone={state.zone} /> : null}
      {shown.length > 0 || resets.length > 0 ? (
        <ChangesList changes={shown} connectionId={connectionId} zone={state.zone} />
      ) : (
        <Panel>
          {view.total === 0 || state.search === '' ? (
            <EmptyState icon={<History aria-hidden />} title={t('nothing')}>
              {t.rich('nothingText', {
                from: () => time(view.from.lastAt),
                to: () => time(view.to.lastAt),
              })}
            </EmptyState>
          ) : (
            <NothingMatches title={t('nothingMatches')} onClear={() => onChange({ search: '' })} />
          )}
        </Panel>
      )}
    </>
  );
}

type ChangesNoticesProps = {
  readonly view: EstateChangesView;
  readonly state: ChangesState;
  /** True if the last live read failed. */
  readonly isStale: boolean;
};

/** Reasons why the list may be incomplete. */
function ChangesNotices({ view, state, isStale }: ChangesNoticesProps) {
  const t = useTranslations('history');
  const { from, to, total, changes } = view;
  const parts = new Map([...from.unread, ...to.unread].map((gap) => [gap.part, gap]));
  const begins = state.from !== null && state.from < from.firstAt;
  const notices = [
    isStale ? <Banner key="stale" tone="bad" title={t('failed')} /> : null,
    begins ? (
      <Banner
        key="begins"
        title={t.rich('begins', { time: () => <Time at={from.firstAt} pageZone={state.zone} /> })}
      />
    ) : null,
    parts.size > 0 ? (
      <Banner key="unread" tone="warn" title={t('unread', { count: parts.size })}>
        {t('unreadNote')} <span className="mono">{[...parts.keys()].join(', ')}</span>
      </Banner>
    ) : null,
    total > changes.length ? (
      <Banner key="cut" tone="warn" title={t('cut', { count: changes.length, total })} />
    ) : null,
  ].filter((notice) => notice !== null);
  return notices.length === 0 ? null : <div className="grid gap-2">{notices}</div>;
}
