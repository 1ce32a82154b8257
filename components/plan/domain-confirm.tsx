import { useTranslations } from 'next-intl';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

type DomainConfirmProps = {
  readonly domain: string;
  readonly typed: string;
  readonly onType: (text: string) => void;
  /** What the server refused about it. */
  readonly error: string | undefined;
};

/** What was typed, as domains are compared. */
export function asDomain(typed: string): string {
  return typed.trim().toLowerCase();
}

/** On a real account, whoever moves traffic types the name of the domain that moves. */
export function DomainConfirm({ domain, typed, onType, error }: DomainConfirmProps) {
  const t = useTranslations('plan.apply');
  return (
    <Field label={t('typeDomain', { domain })} note={t('real')} error={error}>
      {(control) => <Input {...control} value={typed} onChange={(event) => onType(event.target.value)} />}
    </Field>
  );
}
