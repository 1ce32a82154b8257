import { useTranslations } from 'next-intl';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

type ReasonFieldProps = {
  readonly reason: string;
  readonly onType: (reason: string) => void;
  readonly error: string | undefined;
};

/** The required reason of an action, which all operators see. */
export function ReasonField({ reason, onType, error }: ReasonFieldProps) {
  const t = useTranslations('shell.reason');
  return (
    <Field label={t('label')} note={t('note')} error={error}>
      {(control) => <Input {...control} value={reason} onChange={(event) => onType(event.target.value)} />}
    </Field>
  );
}
