import { useTranslations } from 'next-intl';
import { Field } from '@/components/ui/field';
import { TextField } from '@/components/ui/forms/text-field';
import { Select } from '@/components/ui/select';
import type { ReadinessDraft } from './cutover-draft';

const choices: readonly ReadinessDraft['otherwise'][] = ['stop', 'rollback', 'divert'];

type ReadinessFieldsProps = {
  readonly draft: ReadinessDraft;
  readonly onChange: (readiness: ReadinessDraft) => void;
  /** Returns the error of a field of the policy. */
  readonly errorOf: (field: 'percent' | 'waitS', value: unknown) => string | undefined;
};

/** Sets what follows if the warm instances of the plan are not ready at T0. */
export function ReadinessFields({ draft, onChange, errorOf }: ReadinessFieldsProps) {
  const t = useTranslations('plan.readiness');
  return (
    <div className="grid items-start gap-3 md:grid-cols-2">
      <Field label={t('title')} note={t(`note.${draft.otherwise}`)}>
        {(control) => (
          <Select
            {...control}
            value={draft.otherwise}
            onChange={(otherwise) => onChange({ ...draft, otherwise })}
            options={choices.map((choice) => ({ value: choice, label: t(`otherwise.${choice}`) }))}
          />
        )}
      </Field>
      <div className="grid grid-cols-2 items-start gap-3">
        <TextField
          label={t('percent')}
          error={errorOf('percent', draft.percent)}
          inputMode="numeric"
          value={draft.percent}
          onType={(percent) => onChange({ ...draft, percent })}
        />
        <TextField
          label={t('wait')}
          error={errorOf('waitS', draft.wait)}
          value={draft.wait}
          onType={(wait) => onChange({ ...draft, wait })}
        />
      </div>
    </div>
  );
}
