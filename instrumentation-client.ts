import { replayEarlyClicks } from './components/ui/base/early-clicks';

// Next.js runs this before it hydrates the page.
replayEarlyClicks();
