import { useTranslations } from 'next-intl';
import { TextField } from '@/components/ui/forms/text-field';
import { useMessage } from '@/components/ui/use-message';
import { type FailoverDraft, type FailoverErrors, measures, type NumberField } from './failover-draft';
import { VantageFields } from './vantage-fields';

type FailoverFieldsProps = {
  readonly draft: FailoverDraft;
  readonly errors: FailoverErrors;
  readonly onChange: (draft: FailoverDraft) => void;
};

/** All fields of a failover's policy. */
export function FailoverFields({ draft, errors, onChange }: FailoverFieldsProps) {
  const t = useTranslations('switch.enabling');
  const say = useMessage('switch.error');
  const fieldError = (field: string) => {
    const key = errors[field];
    return key === undefined ? undefined : say(key);
  };
  const number = (field: NumberField, label: string, unit?: string) => (
    <TextField
      label={label}
      error={fieldError(field)}
      inputMode="numeric"
      {...(unit ? { unit } : {})}
      value={draft.numbers[field]}
      onType={(text) => onChange({ ...draft, numbers: { ...draft.numbers, [field]: text } })}
    />
  );
  return (
    <div className="grid gap-4">
      <VantageFields
        vantages={draft.vantages}
        errors={errors}
        say={say}
        onChange={(vantages) => onChange({ ...draft, vantages })}
      />
      <div className="grid items-start gap-3 md:grid-cols-2">
        {number('quorum', t('quorum'))}
        {number('everyS', t('everyS'), t('s'))}
        {number('failures', t('failures'))}
        {number('of', t('of'))}
        {number('proof', t('proof'))}
        {number('holdDownS', t('holdDown'), t('s'))}
      </div>
      <fieldset className="grid gap-1.5">
        <legend className="text-12 font-medium text-ink-2">{t('limits')}</legend>
        <p className="text-12 text-ink-3">{t('limitsNote')}</p>
        <div className="grid items-start gap-3 md:grid-cols-3">
          {measures.map((measure) => (
            <TextField
              key={measure}
              label={t(`limit.${measure}`)}
              error={fieldError(`limits.${measure}`)}
              inputMode="numeric"
              value={draft.limits[measure]}
              onType={(text) => onChange({ ...draft, limits: { ...draft.limits, [measure]: text } })}
            />
          ))}
        </div>
      </fieldset>
    </div>
  );
}
