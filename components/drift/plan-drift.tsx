'use client';

import { Check, Undo2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { VirtualItems } from '@/components/ui/tables/virtual-items';
import { useMay } from '@/lib/client/session/rights';
import type { DriftActions, DriftedView, ExpectedBy } from '@/lib/contract/drift';
import { mergeFootprints } from '@/lib/policy/covers';
import { getObjectFootprint } from '@/lib/policy/object-footprint';
import { routes } from '@/lib/routes';
import { AcceptDialog } from './accept-dialog';
import { DriftItem } from './drift-item';
import { ByLine } from './drift-parts';

type PlanDriftProps = {
  readonly by: ExpectedBy;
  readonly items: readonly [DriftedView, ...DriftedView[]];
  readonly connectionId: string;
  readonly actions: DriftActions;
};

const keyOf = ({ key }: DriftedView) => key;
/** The usual height of an item in px. */
const driftPx = 210;

/** The drifted objects of one plan. Restoring creates a plan and opens its review. */
export function PlanDrift({ by, items, connectionId, actions }: PlanDriftProps) {
  const t = useTranslations('drift');
  const router = useRouter();
  const restore = useAction(actions.restoreDrift, ({ planId }, isHere) => {
    if (isHere) router.push(routes.plan(planId));
  });
  const restoreAll = (some: readonly DriftedView[]) =>
    restore.send({ connectionId, keys: some.map(({ key }) => key) });
  const [isAccepting, setAccepting] = useState(false);
  const [first, ...others] = items;
  const possible = items.filter((item) => item.restore.kind === 'plan');
  const footprints = items.map(({ object }) => getObjectFootprint(object, connectionId));
  const mayOperate = useMay('operate', mergeFootprints(footprints));
  return (
    <Panel
      title={<ByLine by={by} />}
      flush
      aside={
        mayOperate ? (
          <span className="flex gap-2 max-md:hidden">
            {possible.length > 1 ? (
              <Button
                size="sm"
                icon={<Undo2 aria-hidden />}
                busy={restore.isBusy}
                onClick={() => restoreAll(possible)}
              >
                {t('restoreAll', { count: possible.length })}
              </Button>
            ) : null}
            {others.length > 0 ? (
              <Button size="sm" icon={<Check aria-hidden />} onClick={() => setAccepting(true)}>
                {t('acceptAll', { count: items.length })}
              </Button>
            ) : null}
          </span>
        ) : null
      }
      footer={possible.length > 0 ? (mayOperate ? t('restoreNote') : t('onlyOperators')) : null}
    >
      {restore.refusal === null && !restore.isUnknown ? null : (
        <div className="px-4 pt-3">
          <ActionFailure action={restore} />
        </div>
      )}
      <VirtualItems
        as="ul"
        items={items}
        itemId={keyOf}
        itemPx={driftPx}
        item={(item, place) => (
          <DriftItem
            key={item.key}
            item={item}
            place={place}
            connectionId={connectionId}
            acceptDrift={actions.acceptDrift}
            isBusy={restore.isBusy}
            onRestore={() => restoreAll([item])}
          />
        )}
      />
      {isAccepting ? (
        <AcceptDialog
          items={[first, ...others]}
          connectionId={connectionId}
          acceptDrift={actions.acceptDrift}
          onClose={() => setAccepting(false)}
        />
      ) : null}
    </Panel>
  );
}
