import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, IconButton } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import type { FailoverErrors, VantageDraft } from './failover-draft';

const kinds = ['address', 'name', 'resolver'] as const;
const vantagesMax = 8;

type VantageFieldsProps = {
  readonly vantages: readonly VantageDraft[];
  readonly errors: FailoverErrors;
  readonly say: (key: string) => string;
  readonly onChange: (vantages: readonly VantageDraft[]) => void;
};

/** The vantages from which the serving side is probed. */
export function VantageFields({ vantages, errors, say, onChange }: VantageFieldsProps) {
  const t = useTranslations('switch.enabling');
  const options = kinds.map((value) => ({ value, label: t(value) }));
  const rows = vantages.map((vantage, index) => ({ vantage, index, number: index + 1 }));
  const change = (at: number, next: Partial<VantageDraft>) =>
    onChange(vantages.map((vantage, index) => (index === at ? { ...vantage, ...next } : vantage)));
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-12 font-medium text-ink-2">{t('vantages')}</legend>
      {rows.map(({ vantage, index, number }) => (
        <div key={number} className="grid gap-1">
          <div className="flex items-center gap-2">
            <Select
              aria-label={t('vantage', { number })}
              options={options}
              value={vantage.kind}
              onChange={(kind) => change(index, { kind })}
            />
            {vantage.kind === 'resolver' ? (
              <Input
                className="w-48 shrink-0"
                aria-label={t('resolverName', { number })}
                aria-invalid={errors[`vantages.${index}`] !== undefined || undefined}
                placeholder={t('resolverNote')}
                value={vantage.resolver}
                onChange={(event) => change(index, { resolver: event.target.value })}
              />
            ) : null}
            <IconButton
              label={t('remove', { number })}
              icon={<X aria-hidden />}
              onClick={() => onChange(vantages.filter((_, other) => other !== index))}
            />
          </div>
          {errors[`vantages.${index}`] ? (
            <p className="text-12 text-bad-ink">{say(errors[`vantages.${index}`] ?? '')}</p>
          ) : null}
        </div>
      ))}
      {errors.vantages ? <p className="text-12 text-bad-ink">{say(errors.vantages)}</p> : null}
      {vantages.length < vantagesMax ? (
        <div>
          <Button
            size="sm"
            variant="ghost"
            icon={<Plus aria-hidden />}
            onClick={() => onChange([...vantages, { kind: 'resolver', resolver: '' }])}
          >
            {t('add')}
          </Button>
        </div>
      ) : null}
    </fieldset>
  );
}
