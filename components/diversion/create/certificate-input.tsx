import { useFormatter, useTranslations } from 'next-intl';
import type { OptionsForm } from '@/components/diversion/draft/ask-draft';
import { useOptions } from '@/components/diversion/draft/use-options';
import type { FieldControl } from '@/components/ui/field';
import { Autocomplete } from '@/components/ui/pickers/autocomplete';

type CertificateInputProps = Partial<FieldControl> & {
  readonly form: OptionsForm;
  /** Certificates that cover this domain are listed first. */
  readonly domain: string;
  /** '' = none chosen. */
  readonly value: string;
  readonly onChange: (certificateId: string) => void;
};

/** Takes a server certificate of the account, chosen by the domains it covers or typed by its id. */
export function CertificateInput({ form, domain, value, onChange, ...control }: CertificateInputProps) {
  const t = useTranslations('diversion.certificate');
  const format = useFormatter();
  const source = useOptions(form.place, form.draft, { kind: 'certificate', domain });
  const show = (domains: string, until: string) =>
    t('hint', { domains, until: format.dateTime(new Date(until), { dateStyle: 'medium' }) });
  return (
    <Autocomplete
      {...control}
      options={[]}
      source={{
        ...source,
        options: source.options.map(({ value: id, label, hint, until, reason }) => ({
          value: id,
          label,
          reason,
          hint: until ? show(hint, until) : hint,
        })),
      }}
      value={value}
      onChange={(id) => onChange(id.trim())}
      placeholder={t('placeholder')}
      emptyText={t('none')}
      openLabel={t('open')}
    />
  );
}
