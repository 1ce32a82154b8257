'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useLateFailure } from '@/components/shell/use-action';
import { FailureCallout } from '@/components/ui/banner';
import { Mono } from '@/components/ui/copyable';
import { FileButton } from '@/components/ui/forms/file-button';
import { TextLink } from '@/components/ui/text-link';
import { useMessage } from '@/components/ui/use-message';
import type { Answer } from '@/lib/client/actions';
import { importPlanFile } from '@/lib/client/import-file';
import { useMay } from '@/lib/client/session/rights';
import { planFileMax } from '@/lib/input/import-limits';
import type { PlanId } from '@/lib/plan/model/model';
import { err } from '@/lib/result';
import { routes } from '@/lib/routes';

/** The number of places named; the rest is a count. */
const faultsShown = 8;

/** Imports a plan from its JSON export. */
export function ImportPlan() {
  const t = useTranslations('plan.import');
  const taken = useImport();
  if (!useMay('operate')) return null;
  return (
    <div className="grid gap-2 max-md:hidden">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <FileButton
          label={t('file')}
          accept="application/json,.json"
          isBusy={taken.isBusy}
          onPick={taken.send}
        >
          {t('choose')}
        </FileButton>
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

/** A place in the file, and its error. */
type FileFault = { readonly place: string; readonly text: string };

const below = ['ui.refusal', 'diversion.error', 'switch.error'];

/** Imports a plan file, and opens the plan. */
function useImport() {
  const message = useMessage(...below);
  const router = useRouter();
  const { onMutate, reportIfLeft } = useLateFailure(...below);
  const [fileName, setFileName] = useState('');
  const sent = useMutation({
    mutationFn: async (file: File): Answer<{ planId: PlanId }> => {
      if (file.size <= planFileMax) return importPlanFile(file);
      return err({ fields: {}, form: { message: 'import.tooLarge', values: { max: planFileMax } } });
    },
    onMutate,
    onSuccess: (answer, _file, { isHere }) => {
      if (answer.ok && isHere()) router.push(routes.plan(answer.value.planId));
    },
    onSettled: (answer, _error, _file, sentFrom) => reportIfLeft(answer, sentFrom),
  });
  const error = sent.data?.ok === false ? sent.data.error : null;
  const faults: readonly FileFault[] = Object.entries(error?.fields ?? {}).map(([place, keys]) => ({
    place,
    text: keys.map((key) => message(key)).join(' '),
  }));
  return {
    fileName,
    isBusy: sent.isPending || sent.data?.ok === true,
    isRefused: error !== null,
    isUnknown: sent.isError,
    /** The reason why it was rejected as a whole. */
    why: error?.form ? message(error.form.message, error.form.values) : null,
    faults,
    send: (file: File) => {
      setFileName(file.name);
      sent.mutate(file);
    },
  };
}
