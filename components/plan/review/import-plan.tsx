'use client';

import { Upload } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { FailureCallout } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Mono } from '@/components/ui/copyable';
import { TextLink } from '@/components/ui/text-link';
import { routes } from '@/lib/routes';
import { type FileFault, useImport } from './use-import';

/** The number of places named; the rest is a count. */
const faultsShown = 8;

/** Imports a plan from its JSON export. */
export function ImportPlan() {
  const t = useTranslations('plan.import');
  const taken = useImport();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="grid gap-2 max-md:hidden">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button icon={<Upload aria-hidden />} busy={taken.isBusy} onClick={() => input.current?.click()}>
          {t('choose')}
        </Button>
        <input
          ref={input}
          type="file"
          accept="application/json,.json"
          aria-label={t('file')}
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            const [picked] = event.target.files ?? [];
            if (picked !== undefined) taken.give(picked);
            // Allows the same file to be picked again.
            event.target.value = '';
          }}
        />
        <p role="status" className="min-w-0 text-12 break-words text-ink-2">
          {taken.isBusy ? t('reading', { file: taken.fileName }) : null}
        </p>
        {taken.isBusy ? null : (
          <p className="text-12 text-ink-3">
            {t.rich('note', {
              schema: (text) => (
                <TextLink href={routes.api.planSchema()} prefetch={false}>
                  {text}
                </TextLink>
              ),
            })}
          </p>
        )}
      </div>
      {taken.isRefused || taken.isUnknown ? (
        <FailureCallout title={t(taken.isUnknown ? 'unknown' : 'refused', { file: taken.fileName })}>
          {taken.isUnknown ? t('unknownNote') : taken.why}
          <FaultList faults={taken.faults} />
        </FailureCallout>
      ) : null}
    </div>
  );
}

function FaultList({ faults }: { readonly faults: readonly FileFault[] }) {
  const t = useTranslations('plan.import');
  if (faults.length === 0) return null;
  return (
    <ul className="grid gap-0.5">
      {faults.slice(0, faultsShown).map(({ place, text }) => (
        <li key={place} className="break-words">
          <Mono>{place}</Mono>: {text}
        </li>
      ))}
      {faults.length > faultsShown ? <li>{t('more', { count: faults.length - faultsShown })}</li> : null}
    </ul>
  );
}
