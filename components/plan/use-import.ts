import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useMessage } from '@/components/ui/use-message';
import type { Answer, ImportPlanAction } from '@/lib/client/actions';
import { answerOf } from '@/lib/client/answer-of';
import { planFileMax } from '@/lib/plan/export/plan-file-max';
import { err } from '@/lib/result';
import { routes } from '@/lib/routes';

/** A place in the file, and what is wrong there. */
export type FileFault = { readonly place: string; readonly text: string };

/** Hands the text of a plan file over, and goes to the plan. */
export function useImport(importPlan: ImportPlanAction) {
  const message = useMessage('ui.refusal', 'diversion.error', 'switch.error');
  const router = useRouter();
  const [fileName, setFileName] = useState('');
  const sent = useMutation({
    mutationFn: async (file: File): Answer<{ planId: string }> => {
      // A character takes one byte or more: what is larger than this by far needs no reading.
      if (file.size > 4 * planFileMax) {
        const form = { message: 'plan.import.tooLarge', values: { max: planFileMax } };
        return err({ fields: {}, form });
      }
      return answerOf(importPlan({ text: await file.text() }));
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
    /** Why it was refused as a whole, in words. */
    why: error?.form ? message(error.form.message, error.form.values) : null,
    faults,
    give: (file: File) => {
      setFileName(file.name);
      sent.mutate(file);
    },
  };
}
