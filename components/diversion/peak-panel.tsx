import { useTranslations } from 'next-intl';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { fieldId } from './field-id';
import { FindingLines } from './finding-lines';
import type { DiversionForm } from './use-diversion-form';
import { wholeNumber, wholeText } from './whole-number';

/** How many requests are expected at the most, and whether what they move to can take them. */
export function PeakPanel({ form }: { readonly form: DiversionForm }) {
  const t = useTranslations('diversion.peak');
  const { errors, findings } = form.stateOf('expectedPeakRps');
  const { expectedPeakRps } = form.draft;
  const isBad = errors.length > 0 || findings.some(({ status }) => status === 'block');
  const id = fieldId('expectedPeakRps');
  const noteId = `${id}-message`;
  const change = (text: string) =>
    form.change({ expectedPeakRps: text.trim() === '' ? null : wholeNumber(text) });
  return (
    <Panel title={t('title')}>
      <div className="grid items-start gap-x-6 gap-y-3 md:grid-cols-[14rem_minmax(0,1fr)]">
        <div className="grid gap-1">
          <label htmlFor={id} className="text-12 font-medium text-ink-2">
            {t('label')}
          </label>
          <Input
            id={id}
            aria-describedby={noteId}
            aria-invalid={isBad || undefined}
            inputMode="numeric"
            unit={t('unit')}
            placeholder={t('unknown')}
            value={expectedPeakRps === null ? '' : wholeText(expectedPeakRps)}
            onChange={(event) => change(event.target.value)}
          />
        </div>
        <div id={noteId} className="grid gap-1 text-12">
          {errors.map((error) => (
            <p key={error} className="text-bad-ink">
              {error}
            </p>
          ))}
          <FindingLines findings={findings} onFix={form.fix} actionsOf={() => []} />
          <p className="text-ink-2">{t('note')}</p>
        </div>
      </div>
    </Panel>
  );
}
