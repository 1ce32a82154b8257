'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useState } from 'react';
import { PhaseHead } from '@/components/steps/phase-head';
import { groupSteps, groupWave, type NumberedStep } from '@/components/steps/step-groups';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { VirtualItems } from '@/components/ui/tables/virtual-items';
import type { Wave } from '@/lib/diversion/wave';
import type { Step, StepId } from '@/lib/plan/model/model';
import { PlanStep } from './plan-step';

type PlanStepsProps = {
  readonly title: string;
  readonly note: string;
  readonly steps: readonly Step[];
  /** The waves of its diversion; empty = it has none. */
  readonly waves: readonly Wave[];
  /** Shown at the end of the head. */
  readonly aside?: ReactNode;
};

const idOf = ({ step }: NumberedStep) => step.id;
/** The usual height of a step in px. */
const stepPx = 58;

/** Steps in order, by phase; each expands to its call, its inverse and the state before and after. */
export function PlanSteps({ title, note, steps, waves, aside }: PlanStepsProps) {
  const t = useTranslations('plan.rows');
  const writes = steps.filter((step) => step.kind === 'write').map((step) => step.id);
  const [open, setOpen] = useState<ReadonlySet<StepId>>(new Set());
  // A link to a step opens it. The server doesn't receive the fragment of an address.
  useEffect(() => {
    const follow = () => {
      const hash = decodeURIComponent(window.location.hash.slice(1));
      const linked = steps.find(({ id }) => id === hash);
      if (linked !== undefined) setOpen((known) => new Set([...known, linked.id]));
    };
    follow();
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, [steps]);
  const allOpen = writes.length > 0 && writes.every((id) => open.has(id));
  const toggle = (id: StepId, isOpen: boolean) =>
    setOpen((known) => {
      const next = new Set(known);
      if (isOpen) next.add(id);
      else next.delete(id);
      return next;
    });
  return (
    <Panel
      title={<span className="whitespace-nowrap">{title}</span>}
      flush
      aside={
        <>
          <span className="text-12 text-ink-3 max-md:hidden">{note}</span>
          {writes.length > 0 ? (
            <Button
              size="sm"
              variant="ghost"
              aria-expanded={allOpen}
              onClick={() => setOpen(new Set(allOpen ? [] : writes))}
            >
              {allOpen ? t('collapseAll') : t('expandAll')}
            </Button>
          ) : null}
          {aside}
        </>
      }
    >
      {steps.length === 0 ? <p className="px-4 py-3 text-12 text-ink-2">{t('noSteps')}</p> : null}
      {groupSteps(steps).map((group, index) => (
        <section key={group.steps[0]?.step.id} aria-label={group.phase}>
          <PhaseHead phase={group.phase} isFirst={index === 0} wave={groupWave(steps, group, waves)} />
          <VirtualItems
            as="ol"
            items={group.steps}
            itemId={idOf}
            itemPx={stepPx}
            item={(numbered, place) => (
              <PlanStep
                key={numbered.step.id}
                numbered={numbered}
                place={place}
                steps={steps}
                isOpen={open.has(numbered.step.id)}
                onToggle={(isOpen) => toggle(numbered.step.id, isOpen)}
              />
            )}
          />
        </section>
      ))}
    </Panel>
  );
}
