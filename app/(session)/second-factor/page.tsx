import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { SecondFactorForm } from '@/components/session/security/security-panel';
import { routes } from '@/lib/routes';
import {
  beginSecondFactor,
  confirmSecondFactor,
  removeOwnSecondFactor,
  renewRecoveryCodes,
} from '@/lib/server/auth/change-second-factor';
import { getSecurity } from '@/lib/server/auth/get-security';
import {
  addPasskey,
  beginPasskey,
  removePasskey,
  renamePasskey,
} from '@/lib/server/auth/passkeys/change-passkeys';

type Props = { readonly searchParams: Promise<{ readonly next?: string | string[] | undefined }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('session.secondFactor'))('title') };
}

export default async function SecondFactorPage({ searchParams }: Props) {
  const [{ next }, security] = await Promise.all([searchParams, getSecurity()]);
  if (security === null || security.provider !== null) redirect(routes.overview());
  return (
    <SecondFactorForm
      {...{
        security,
        passkeyOrigin: security.passkeyOrigin,
        next: typeof next === 'string' ? next : null,
        beginSecondFactor,
        confirmSecondFactor,
        renewRecoveryCodes,
        removeOwnSecondFactor,
        beginPasskey,
        addPasskey,
        removePasskey,
        renamePasskey,
      }}
    />
  );
}
