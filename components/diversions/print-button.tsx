'use client';

import { Printer } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { Button } from '@/components/ui/button';

/** Prints the page, in light colours regardless of the theme and of how printing was started. */
export function PrintButton() {
  const t = useTranslations('diversions');
  useEffect(() => {
    const { dataset } = document.documentElement;
    let theme: string | undefined;
    const before = () => {
      theme = dataset.theme;
      dataset.theme = 'light';
    };
    const after = () => {
      if (theme !== undefined) dataset.theme = theme;
    };
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, []);
  return (
    <Button icon={<Printer aria-hidden />} onClick={() => window.print()}>
      {t('print')}
    </Button>
  );
}
