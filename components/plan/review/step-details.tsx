'use client';

import { Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { CallParameters } from '@/components/steps/call-parameters';
import { StateCompare } from '@/components/steps/state-compare';
import { Copyable } from '@/components/ui/copyable';
import type { WriteCall } from '@/lib/estate/call';
import { formatCallLine } from '@/lib/plan/export/tccli/call-line';
import type { Step, WriteStep } from '@/lib/plan/model/model';

type StepDetailsProps = { readonly step: WriteStep; readonly steps: readonly Step[] };

/** The call of a step, its inverse, and the state before and after. */
export function StepDetails({ step, steps }: StepDetailsProps) {
  const t = useTranslations('plan.details');
  return (
    <div className="grid gap-4 px-4 pt-1 pb-3.5 text-12 md:grid-cols-[minmax(0,1.35fr)_minmax(0,1fr)] md:pl-13">
      <div className="grid min-w-0 content-start gap-1">
        <h4 className="font-medium text-ink-2">{t('parameters')}</h4>
        <CallParameters call={step.call} step={step} steps={steps} />
        <p className="text-ink-3">{step.call.service === 'clb' ? t('asynchronous') : t('synchronous')}</p>
        <CallLine call={step.call} />
      </div>
      <div className="grid min-w-0 content-start gap-1">
        <h4 className="inline-flex items-center gap-1 font-medium text-ink-2">
          <Undo2 aria-hidden className="size-3" />
          {t('inverseTitle')}
        </h4>
        <CallParameters call={step.inverse} step={step} steps={steps} withAction />
      </div>
      <div className="md:col-span-2">
        <StateCompare
          from={{ title: t('before'), state: step.before }}
          to={{ title: t('after'), state: step.after }}
        />
      </div>
    </div>
  );
}

/** The call as a command line to copy. */
function CallLine({ call }: { readonly call: WriteCall }) {
  const t = useTranslations('plan.details');
  const line = formatCallLine(call);
  if (line === null) return null;
  return (
    <p className="flex min-w-0 items-baseline gap-2 text-ink-3">
      {t('tccli')} <Copyable value={line} />
    </p>
  );
}
