'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';

type RecoveryCodesProps = { readonly codes: readonly string[] };

/** Recovery codes, which the server can't show again. */
export function RecoveryCodes({ codes }: RecoveryCodesProps) {
  const t = useTranslations('security');
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');

  async function copy() {
    try {
      await navigator.clipboard.writeText(codes.join('\n'));
      setState('copied');
    } catch {
      // Without permission: the list can be selected.
      setState('failed');
    }
  }

  return (
    <div role="status" className="w-full">
      <Banner tone="warn" title={t('codesTitle')}>
        <p>{t('codesAbout')}</p>
        <ul aria-label={t('codesTitle')} className="mono my-2 grid gap-0.5">
          {codes.map((code) => (
            <li key={code} className="break-all">
              {code}
            </li>
          ))}
        </ul>
        <Button size="sm" onClick={copy}>
          {{ idle: t('copyCodes'), copied: t('codesCopied'), failed: t('copyFailed') }[state]}
        </Button>
      </Banner>
    </div>
  );
}
