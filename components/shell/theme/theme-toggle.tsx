'use client';

import { SunMoon } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { usePageActions } from '@/components/shell/palette/page-actions';
import { IconButton } from '@/components/ui/button';
import { themeKey } from './theme-script';

function switchTheme() {
  const root = document.documentElement;
  const next = root.dataset.theme === 'dark' ? 'light' : 'dark';
  root.dataset.theme = next;
  try {
    localStorage.setItem(themeKey, next);
  } catch {
    // Storage may be disabled: the choice then lasts as long as the page.
  }
}

/** Switches between light and dark and remembers it in this browser. */
export function ThemeToggle() {
  const t = useTranslations('shell');
  usePageActions([{ id: 'switchTheme', label: t('switchTheme'), whyNot: null, act: switchTheme }]);
  return <IconButton label={t('switchTheme')} icon={<SunMoon aria-hidden />} onClick={switchTheme} />;
}
