import { useTranslations } from 'next-intl';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

type DomainConfirmProps = {
  readonly domain: string;
  readonly typed: string;
  readonly onType: (text: string) => void;
  /** The server's rejection of it. */
  readonly error: string | undefined;
};

/** Normalizes the typed text in the way that domains are compared. */
export function asDomain(typed: string): string {
  return typed.trim().toLowerCase();
}

/** On a real account, the operator must type the name of the domain to move. */
export function DomainConfirm({ domain, typed, onType, error }: DomainConfirmProps) {
  const t = useTranslations('plan.apply');
  return (
    <Field label={t('typeDomain', { domain })} note={t('real')} error={error}>
      {(control) => <Input {...control} value={typed} onChange={(event) => onType(event.target.value)} />}
    </Field>
  );
}
