import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { SetUpForm } from '@/components/session/set-up-form';
import { passwordMin } from '@/lib/input/password';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('session.setUp'))('title') };
}

export default function SetUpPage() {
  return <SetUpForm passwordMin={passwordMin} />;
}
