import { useTranslations } from 'next-intl';

/** Stands where a part of the page could not be loaded. */
export function PartMissing() {
  return <p className="text-12 text-ink-2">{useTranslations('shell')('partMissing')}</p>;
}
