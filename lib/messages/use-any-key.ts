import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

export type Values = Readonly<Record<string, string | number>>;
type RichValues = Readonly<Record<string, string | number | ((text: ReactNode) => ReactNode)>>;
type MarkupValues = Readonly<Record<string, string | number | ((text: string) => string)>>;

/** A translator whose keys are plain strings. */
export type AnyKeyTranslator = {
  (key: string, values?: Values): string;
  rich(key: string, values?: RichValues): ReactNode;
  /** Formats tags as text. */
  markup(key: string, values?: MarkupValues): string;
  has(key: string): boolean;
};

/** The type checker can't know keys that come as data; tests prove that each has a text. */
export const takeAnyKey = (translator: object) => translator as unknown as AnyKeyTranslator;

/** Returns a translator for keys that come as data: from checks, steps or the server. */
export function useAnyKey(namespace?: Parameters<typeof useTranslations>[0]): AnyKeyTranslator {
  return takeAnyKey(useTranslations(namespace));
}
