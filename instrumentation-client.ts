import { replayEarlyClicks } from './components/ui/base/early-clicks';
import { startNavigation } from './components/ui/base/navigation-start';

// Next.js runs this before it hydrates the page.
replayEarlyClicks();

/** Next.js calls this before a link, a command or Back navigates within the app. */
export const onRouterTransitionStart = startNavigation;
