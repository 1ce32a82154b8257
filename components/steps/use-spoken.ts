import { useTranslations } from 'next-intl';

type Values = Readonly<Record<string, string | number>>;

/**
 * Placeholders name the resources that a plan creates until the cloud has assigned ids: see `lib/diversion/creates.ts`.
 */
const placeholder = /@lbl?\/([A-Za-z0-9][\w-]*(?::\d+)?)(\.address)?/g;

/**
 * Returns a function that replaces placeholders in a text's values with display names: a load balancer to create is
 * shown by its name.
 */
export function useSpoken(): (values: Values) => Values {
  const t = useTranslations('plan.placeholder');
  const speak = (text: string) =>
    text.replaceAll(placeholder, (_, name: string, address?: string) =>
      address ? t('address', { name }) : name,
    );
  return (values) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, typeof value === 'string' ? speak(value) : value]),
    );
}
