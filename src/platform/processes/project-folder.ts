import { fileURLToPath } from 'node:url';

/** The folder of this project, with a slash at its end. Programs are started from it and sources are found in it. */
export const PROJECT_FOLDER = fileURLToPath(new URL('../../..', import.meta.url));
