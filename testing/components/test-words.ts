import { createTranslator } from 'next-intl';
import { preflightTexts } from '@/lib/messages/preflight';
import type { AnyKeyTranslator } from '@/lib/messages/use-any-key';

/** Formats findings, and fails if a text or one of its values is missing. */
export const preflightWords = createTranslator({
  locale: 'en',
  messages: { preflight: preflightTexts },
  onError(error) {
    throw error;
  },
}) as unknown as AnyKeyTranslator;
