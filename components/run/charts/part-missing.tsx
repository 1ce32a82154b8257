'use client';

import { useTranslations } from 'next-intl';

/** Shown in place of a part of the page that could not be loaded. */
export function PartMissing() {
  return <p className="text-12 text-ink-2">{useTranslations('ui')('partMissing')}</p>;
}
