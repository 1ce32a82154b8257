import { useTranslations } from 'next-intl';
import { useToast } from '@/components/ui/toast/toasts';
import { useMessage } from '@/components/ui/use-message';
import { checkAnswer } from '@/lib/client/check-answer';
import type { Answer } from '@/lib/contract/answer';

/**
 * Returns a function that shows a notice of an action and offers to undo it.
 * @param action undoes it; its refusals are shown in the same place
 * @param onUndone called when it is undone
 */
export function useUndo<I, T>(action: (input: I) => Answer<T>, onUndone: () => unknown) {
  const t = useTranslations('ui');
  const message = useMessage('ui.refusal');
  const show = useToast();
  const fail = (title: string) => show({ kind: 'failed', title });
  return (title: string, input: I) => {
    const undo = async () => {
      try {
        const answer = await checkAnswer(action(input));
        if (answer.ok) {
          onUndone();
          show({ kind: 'done', title: t('undone') });
          return;
        }
        const { form } = answer.error;
        fail(form === null ? t('undoUnknown') : message(form.message, form.values));
      } catch {
        // No response arrives: it may or may not be undone.
        fail(t('undoUnknown'));
      }
    };
    show({ kind: 'done', title, undo });
  };
}
