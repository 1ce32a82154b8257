import { useTranslations } from 'next-intl';
import { TextField } from '@/components/ui/forms/text-field';

type ReasonFieldProps = {
  readonly reason: string;
  readonly onType: (reason: string) => void;
  readonly error: string | undefined;
};

/** The required reason of an action, which all operators see. */
export function ReasonField({ reason, onType, error }: ReasonFieldProps) {
  const t = useTranslations('shell.reason');
  return <TextField label={t('label')} note={t('note')} error={error} value={reason} onType={onType} />;
}
