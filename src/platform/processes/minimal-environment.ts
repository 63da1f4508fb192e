/** What a program needs from the user's environment in order to run at all. */
const NEEDED = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'LC_ALL', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'];

/** The project's `.env` is not read: an environment that has this is complete. */
export const WITHOUT_ENV_FILE = { ENV_FILE: 'none' } as const;

/**
 * The environment of a process whose settings are all given explicitly: none of the user's own reach it, neither from
 * their shell nor from `.env`.
 */
export const MINIMAL_ENVIRONMENT: NodeJS.ProcessEnv = {
  ...Object.fromEntries(NEEDED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
  ...WITHOUT_ENV_FILE,
};
