'use client';

import { Check, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { WhoLines } from '@/components/history/who-lines';
import { StateCompare } from '@/components/steps/state-compare';
import { Button } from '@/components/ui/button';
import type { ItemPlace } from '@/components/ui/tables/virtual-items';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { useMay } from '@/lib/client/session/rights';
import type { AcceptDriftAction, DriftedView } from '@/lib/contract/drift';
import { refName } from '@/lib/estate/ref-name';
import { getObjectFootprint } from '@/lib/policy/object-footprint';
import { routes } from '@/lib/routes';
import { AcceptDialog } from './accept-dialog';
import { AcceptanceLine, ObjectHead } from './drift-parts';

type DriftItemProps = {
  readonly item: DriftedView;
  readonly place: ItemPlace;
  readonly connectionId: string;
  readonly acceptDrift: AcceptDriftAction;
  readonly isBusy: boolean;
  readonly onRestore: () => void;
};

/** One object: what was expected and found, since when, the actor, and the available actions. */
export function DriftItem(props: DriftItemProps) {
  const { item, place, connectionId, acceptDrift, isBusy, onRestore } = props;
  const t = useTranslations('drift');
  const mayOperate = useMay('operate', getObjectFootprint(item.object, connectionId));
  const [isAccepting, setAccepting] = useState(false);
  const { object, expected, found, by, accepted, since, who, restore } = item;
  const name = refName(object);
  return (
    <li
      {...place}
      id={item.key}
      className="grid scroll-mt-16 gap-2 target:bg-accent-soft border-b border-line px-4 py-3 last:border-b-0"
    >
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1">
        <ObjectHead object={object} />
        {mayOperate ? (
          <span className="ml-auto flex gap-2 max-md:hidden">
            {restore.kind === 'plan' ? (
              <Button
                size="sm"
                icon={<Undo2 aria-hidden />}
                busy={isBusy}
                onClick={onRestore}
                aria-label={t('restoreOne', { object: name })}
              >
                {t('restore')}
              </Button>
            ) : null}
            <Button
              size="sm"
              icon={<Check aria-hidden />}
              onClick={() => setAccepting(true)}
              aria-label={t('acceptOne', { object: name })}
            >
              {t('accept')}
            </Button>
          </span>
        ) : null}
      </div>
      <StateCompare
        from={{ title: t(accepted === null ? 'expected' : 'expectedAccepted'), state: expected }}
        to={{ title: t('found'), state: found }}
      />
      <dl className="grid gap-x-3 gap-y-1 text-12 leading-5 md:grid-cols-[9rem_minmax(0,1fr)]">
        <dt className="text-ink-2">{t('who')}</dt>
        <dd className="min-w-0">
          <WhoLines who={who} measured={false} zone={null} />
        </dd>
        <dt className="text-ink-2">{t('when')}</dt>
        <dd className="flex min-w-0 flex-wrap gap-x-3">
          <Since since={since} />
          <TextLink
            href={routes.changesSince(object.connectionId ?? connectionId, by.leftAt)}
            prefetch={false}
          >
            {t('seeChanges')}
          </TextLink>
        </dd>
      </dl>
      {accepted === null ? null : <AcceptanceLine accepted={accepted} />}
      <WhyNot restore={restore} />
      {isAccepting ? (
        <AcceptDialog
          items={[item]}
          connectionId={connectionId}
          acceptDrift={acceptDrift}
          onClose={() => setAccepting(false)}
        />
      ) : null}
    </li>
  );
}

function Since({ since }: Pick<DriftedView, 'since'>) {
  const t = useTranslations('drift');
  if (since === null) return <span className="text-ink-3">{t('sinceUnknown')}</span>;
  const { after, by } = since;
  const times = { by: () => <Time at={by} /> };
  return (
    <span>
      {after === null
        ? t.rich('sinceBefore', times)
        : t.rich('since', { ...times, after: () => <Time at={after} /> })}
    </span>
  );
}

function WhyNot({ restore }: Pick<DriftedView, 'restore'>) {
  const t = useTranslations('drift');
  if (restore.kind === 'plan') return null;
  return (
    <p className="text-12 text-ink-2">
      {restore.kind === 'cannot'
        ? t(`cannot.${restore.reason}`)
        : t.rich('openRun', {
            run: () => <TextLink href={routes.run(restore.runId)}>{restore.runId}</TextLink>,
          })}
    </p>
  );
}
