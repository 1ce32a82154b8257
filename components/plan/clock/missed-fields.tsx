import { useTranslations } from 'next-intl';
import { Field } from '@/components/ui/field';
import { TextField } from '@/components/ui/forms/text-field';
import { Select } from '@/components/ui/select';
import type { MissedT0 } from '@/lib/diversion/cutover';
import type { MissedDraft } from './guard-draft';

const kinds: readonly MissedT0['kind'][] = ['skip', 'runIfLate', 'ask'];

type MissedFieldsProps = {
  readonly draft: MissedDraft;
  readonly onChange: (part: Partial<MissedDraft>) => void;
  readonly lateError: string | undefined;
};

/** Sets the behaviour if the divert cannot begin at T0, with a sentence for each option. */
export function MissedFields({ draft, onChange, lateError }: MissedFieldsProps) {
  const t = useTranslations('plan.schedule.missed');
  return (
    <div className="grid grid-cols-2 items-start gap-3">
      <Field label={t('title')} note={t(`note.${draft.missed}`)}>
        {(control) => (
          <Select
            {...control}
            value={draft.missed}
            onChange={(missed) => onChange({ missed })}
            options={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
          />
        )}
      </Field>
      {draft.missed === 'runIfLate' ? (
        <TextField
          label={t('late')}
          error={lateError}
          value={draft.late}
          onType={(late) => onChange({ late })}
        />
      ) : null}
    </div>
  );
}
