import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useMessage } from '@/components/ui/use-message';
import type { Answer } from '@/lib/client/actions';
import { importPlanFile } from '@/lib/client/import-file';
import { planFileMax } from '@/lib/input/import-limits';
import type { PlanId } from '@/lib/plan/model/model';
import { err } from '@/lib/result';
import { routes } from '@/lib/routes';

/** A place in the file, and its error. */
export type FileFault = { readonly place: string; readonly text: string };

/** Imports a plan file, and opens the plan. */
export function useImport() {
  const message = useMessage('ui.refusal', 'diversion.error', 'switch.error');
  const router = useRouter();
  const [fileName, setFileName] = useState('');
  const sent = useMutation({
    mutationFn: async (file: File): Answer<{ planId: PlanId }> => {
      if (file.size <= planFileMax) return importPlanFile(file);
      return err({ fields: {}, form: { message: 'import.tooLarge', values: { max: planFileMax } } });
    },
    onSuccess: (answer) => {
      if (answer.ok) router.push(routes.plan(answer.value.planId));
    },
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
    give: (file: File) => {
      setFileName(file.name);
      sent.mutate(file);
    },
  };
}
