import { useTranslations } from 'next-intl';

type Values = Readonly<Record<string, string | number>>;

/** What a plan creates is named by symbols until the cloud has named it: see `lib/diversion/creates.ts`. */
const symbol = /@lbl?\/([A-Za-z0-9][\w-]*(?::\d+)?)(\.address)?/g;

/** Gives the values of a text as people call the things in them: a load balancer that is created by its name. */
export function useSpoken(): (values: Values) => Values {
  const t = useTranslations('plan.symbol');
  const speak = (text: string) =>
    text.replaceAll(symbol, (_, name: string, address?: string) => (address ? t('address', { name }) : name));
  return (values) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, typeof value === 'string' ? speak(value) : value]),
    );
}
