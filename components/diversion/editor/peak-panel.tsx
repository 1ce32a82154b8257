import { useTranslations } from 'next-intl';
import { Panel } from '@/components/ui/panel';
import { OptionalNumber, OptionalNumberNotes } from './optional-number';
import type { DiversionForm } from './use-diversion-form';

/** The expected peak of requests, and whether the new backends can take it. */
export function PeakPanel({ form }: { readonly form: DiversionForm }) {
  const t = useTranslations('diversion.peak');
  const field = 'expectedPeakRps';
  return (
    <Panel title={t('title')}>
      <div className="grid items-start gap-x-6 gap-y-3 md:grid-cols-[14rem_minmax(0,1fr)]">
        <OptionalNumber {...{ form, field }} label={t('label')} unit={t('unit')} placeholder={t('unknown')} />
        <OptionalNumberNotes {...{ form, field }} note={t('note')} withPassed />
      </div>
    </Panel>
  );
}
