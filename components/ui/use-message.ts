'use client';

import { createTranslator, useLocale, useTimeZone } from 'next-intl';
import { useMemo } from 'react';
import { type AnyKeyTranslator, takeAnyKey, useAnyKey, type Values } from '@/lib/messages/use-any-key';
import { onDemand, usePart } from './base/on-demand';

/** The texts of refusals, which pages don't need initially. */
const refusals = onDemand(() => import('@/lib/messages/late'));

/** Loads the texts of refusals now, instead of when the page is idle. */
export const loadRefusals = refusals.load;

/** Returns a translator of refusals; null until their texts are loaded, `missing` if they can't be. */
function useRefusals(): AnyKeyTranslator | 'missing' | null {
  const part = usePart(refusals, false);
  const locale = useLocale();
  const timeZone = useTimeZone();
  return useMemo(() => {
    if (part === null || part === 'missing') return part;
    const { lateTexts: messages } = part;
    return takeAnyKey(
      createTranslator({ locale, ...(timeZone === undefined ? {} : { timeZone }), messages }),
    );
  }, [part, locale, timeZone]);
}

/**
 * Returns a function that formats keys from a schema or an action. `below` are the namespaces to search, in order of
 * priority; a key that none of them contains is already a sentence and is shown unchanged. A refusal is empty until its
 * text is loaded.
 */
export function useMessage(...below: readonly string[]): (key: string, values?: Values) => string {
  const t = useAnyKey();
  const late = useRefusals();
  const all = late === null || late === 'missing' ? [t] : [t, late];
  return (key, values = {}) => {
    for (const path of [...below.map((namespace) => `${namespace}.${key}`), key]) {
      const translator = all.find((each) => each.has(path));
      if (translator !== undefined) return translator(path, values);
    }
    const isSentence = !/^[\w.-]+$/.test(key);
    if (isSentence) return key;
    return late === null ? '' : late === 'missing' ? t('ui.partMissing') : key;
  };
}
