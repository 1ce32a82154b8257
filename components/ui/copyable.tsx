'use client';

import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { classes } from './classes';

/** Text in monospace. */
export function Mono({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  return <span className={classes('mono', className)}>{children}</span>;
}

type CopyableProps = {
  readonly value: string;
  /** A short form for display; the full value is copied and announced. */
  readonly shown?: string;
};

/** An id, address or code in monospace, with a button that copies it. */
export function Copyable({ value, shown = value }: CopyableProps) {
  const t = useTranslations('ui');
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');

  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
      setState('copied');
    } catch {
      // Browsers reject this without permission or outside a secure context; the text can still be selected manually.
      setState('failed');
    }
  }

  const name = {
    idle: t('copy', { value }),
    copied: t('copied', { value }),
    failed: t('copyFailed', { value }),
  }[state];
  return (
    <span className="inline-flex max-w-full items-center gap-1 align-middle">
      <span title={value} className="mono min-w-0 truncate">
        {shown}
      </span>
      <button
        type="button"
        aria-label={name}
        title={name}
        onClick={copy}
        onBlur={() => setState('idle')}
        className="-my-0.5 grid size-6 shrink-0 place-items-center rounded-md text-ink-3 hover:bg-hover hover:text-ink"
      >
        {state === 'copied' ? (
          <Check aria-hidden className="size-3.5 text-ok" />
        ) : (
          <Copy aria-hidden className="size-3.5" />
        )}
      </button>
    </span>
  );
}
