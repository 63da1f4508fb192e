// One test file for many: their orders wait more than they work, and every file loads Temporal's SDK anew.
import './create.stories.ts';
import './create-in-doubt.stories.ts';
import './create-made-a-ticket.stories.ts';
import './fence.stories.ts';
import './guarantee.stories.ts';
import './keeper.stories.ts';
import './no-answer.stories.ts';
import './tokens.stories.ts';
import './vault.stories.ts';
