import { Download, Link2, RotateCcw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';

type ScenarioActionsProps = {
  /** Returns the series of the scenario as a CSV file. */
  readonly getCsv: () => string;
  /** Returns the address of the page; null = it would be too long. */
  readonly getLink: () => string | null;
  readonly onReset: () => void;
};

/** Copies a link to the scenario, exports its series, and resets it. */
export function ScenarioActions({ getCsv, getLink, onReset }: ScenarioActionsProps) {
  const t = useTranslations('capacity.actions');
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  async function copy() {
    const link = getLink();
    // A banner says that the scenario is too long.
    if (link === null) return setCopied('no');
    try {
      await navigator.clipboard.writeText(link);
      setCopied('yes');
    } catch {
      // Browsers reject this without permission or outside a secure context.
      setCopied('failed');
    }
  }
  return (
    <div className="flex flex-wrap items-center gap-2 md:ml-auto">
      <span role="status" className="text-12 text-ink-2 empty:absolute">
        {copied === 'yes' ? t('copied') : copied === 'failed' ? t('copyFailed') : null}
      </span>
      <Button icon={<RotateCcw aria-hidden />} onClick={onReset}>
        {t('reset')}
      </Button>
      <Button icon={<Download aria-hidden />} onClick={() => download('capacity.csv', getCsv())}>
        {t('export')}
      </Button>
      <Button icon={<Link2 aria-hidden />} onClick={copy} onBlur={() => setCopied('no')}>
        {t('copyLink')}
      </Button>
    </div>
  );
}

/** Saves a text as a file. */
function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
