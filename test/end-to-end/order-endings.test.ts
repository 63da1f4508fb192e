// One test file for many: their orders wait more than they work, and every file loads Temporal's SDK anew.
import './cancellation.stories.ts';
import './circuit-breaker.stories.ts';
import './continue-as-new.stories.ts';
import './give-up.stories.ts';
import './late-watch.stories.ts';
import './order-id.stories.ts';
import './real-ticket-system.stories.ts';
import './resubmission.stories.ts';
import './visibility.stories.ts';
