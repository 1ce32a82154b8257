import { ChevronDown, Crosshair, Hourglass, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { StepDetail } from '@/components/steps/step-detail';
import type { NumberedStep } from '@/components/steps/step-groups';
import { StepTitle } from '@/components/steps/step-title';
import { Mono } from '@/components/ui/copyable';
import type { ItemPlace } from '@/components/ui/tables/virtual-items';
import type { Step, WriteStep } from '@/lib/plan/model/model';
import { StepDetails } from './step-details';

type PlanStepProps = {
  readonly numbered: NumberedStep;
  readonly place: ItemPlace;
  /** All steps of the list: an unknown id comes from one of them. */
  readonly steps: readonly Step[];
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
};

/** A step of a plan: a write that expands to its details, or a probe or wait on one line. */
export function PlanStep({ numbered, place, steps, isOpen, onToggle }: PlanStepProps) {
  const { step, number } = numbered;
  if (step.kind !== 'write') return <BetweenStep step={step} place={place} />;
  return (
    <li
      {...place}
      id={step.id}
      className="scroll-mt-16 border-t border-line first:border-t-0 target:bg-accent-soft"
    >
      <details open={isOpen} onToggle={(event) => onToggle(event.currentTarget.open)} className="group">
        <WriteSummary step={step} number={number} />
        {isOpen ? <StepDetails step={step} steps={steps} /> : null}
      </details>
    </li>
  );
}

function WriteSummary({ step, number }: { readonly step: WriteStep; readonly number: number | null }) {
  const t = useTranslations('plan.rows');
  return (
    <summary className="grid cursor-pointer list-none grid-cols-[1.5rem_minmax(0,1fr)_auto_2.5rem_1rem] items-center gap-x-3 px-4 py-2 text-12 hover:bg-hover max-md:grid-cols-[1.5rem_minmax(0,1fr)_1rem]">
      <span className="grid size-5.5 place-items-center rounded-full border border-line-strong bg-surface text-11 font-semibold text-ink-2">
        {number}
      </span>
      <span className="grid min-w-0">
        <strong className="text-13 font-semibold wrap-anywhere">
          <StepTitle step={step} />
        </strong>
        <span className="truncate text-ink-2">
          <StepDetail step={step} />
        </span>
      </span>
      <span className="grid justify-items-end text-ink-2 max-md:col-start-2 max-md:row-start-2 max-md:justify-items-start">
        <Mono>{`${step.call.service}:${step.call.action}`}</Mono>
        <span className="inline-flex items-center gap-1 text-11 text-ink-3">
          <Undo2 aria-hidden className="size-3" />
          <Mono>{step.inverse.action}</Mono>
        </span>
      </span>
      <span className="text-right text-ink-2 tabular-nums max-md:hidden">
        {t('seconds', { seconds: step.forecastMs / 1000 })}
      </span>
      <ChevronDown
        aria-hidden
        className="size-4 text-ink-3 transition-transform group-open:rotate-180 max-md:col-start-3 max-md:row-start-1"
      />
    </summary>
  );
}

type BetweenStepProps = { readonly step: Exclude<Step, WriteStep>; readonly place: ItemPlace };

function BetweenStep({ step, place }: BetweenStepProps) {
  const Icon = step.kind === 'probe' ? Crosshair : Hourglass;
  return (
    <li {...place} className="flex items-center gap-2 py-1 pr-4 pl-13 text-12 text-ink-2 max-md:pl-4">
      <span className="flex min-w-0 items-center gap-2 border-l-2 border-line-strong py-1 pl-2">
        <Icon aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        <span className="min-w-0">
          <StepTitle step={step} />
          <span className="text-ink-3">
            {'. '}
            <StepDetail step={step} />
          </span>
        </span>
      </span>
    </li>
  );
}
