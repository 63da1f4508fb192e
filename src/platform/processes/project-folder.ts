import { fileURLToPath } from 'node:url';

/** The root folder of this repository, with a trailing slash. */
export const PROJECT_FOLDER = fileURLToPath(new URL('../../..', import.meta.url));
