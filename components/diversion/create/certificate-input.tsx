import { useFormatter, useTranslations } from 'next-intl';
import type { FieldControl } from '@/components/ui/field';
import { Autocomplete } from '@/components/ui/pickers/autocomplete';
import type { Estate } from '@/lib/estate/model';
import { certificateOptions } from './new-listener';

type CertificateInputProps = Partial<FieldControl> & {
  readonly estate: Pick<Estate, 'certificates'>;
  /** Certificates that cover this domain are listed first. */
  readonly domain: string;
  /** '' = none chosen. */
  readonly value: string;
  readonly onChange: (certificateId: string) => void;
};

/** Takes a server certificate of the account, chosen by the domains it covers or typed by its id. */
export function CertificateInput({ estate, domain, value, onChange, ...control }: CertificateInputProps) {
  const t = useTranslations('diversion.certificate');
  const ineligible = useTranslations('diversion.ineligible');
  const format = useFormatter();
  return (
    <Autocomplete
      {...control}
      options={certificateOptions(estate, domain).map(({ value: id, domains, notAfter, problem }) => ({
        value: id,
        reason: problem === null ? undefined : ineligible(problem),
        hint:
          notAfter === null
            ? domains
            : t('hint', { domains, until: format.dateTime(new Date(notAfter), { dateStyle: 'medium' }) }),
      }))}
      value={value}
      onChange={(id) => onChange(id.trim())}
      placeholder={t('placeholder')}
      emptyText={t('none')}
      openLabel={t('open')}
    />
  );
}
