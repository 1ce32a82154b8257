import { startNavigation } from './components/ui/base/navigation-start';

/** Next.js calls this before a link, a command or Back navigates within the app. */
export const onRouterTransitionStart = startNavigation;
