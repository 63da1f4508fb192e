import { maskSecrets } from '../../contracts/secrets.ts';

/** Variables whose values are secrets, whatever they look like: TEMPORAL_API_KEY, TEMPORAL_TLS_CLIENT_KEY_DATA, ... */
const SECRET_VARIABLE = /(?:API_?KEY|TOKEN|PASSWORD|SECRET|KEY_DATA)$/i;

/** Anything shorter may be part of an ordinary word. */
const MIN_SECRET_LENGTH = 8;

/**
 * Makes a function that masks secrets in what a program prints: those that `maskSecrets` recognises, and the values of
 * secret variables. A value with line breaks is masked line by line, because an error may quote it in any form.
 */
export function createOutputMask(env: NodeJS.ProcessEnv): (text: string) => string {
  const secrets = Object.entries(env)
    .filter(([name]) => SECRET_VARIABLE.test(name))
    .flatMap(([, value = '']) => value.split(/\s+/))
    .filter((part) => part.length >= MIN_SECRET_LENGTH)
    .sort((one, other) => other.length - one.length);
  return (text) => maskSecrets(secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), text));
}

/** Masks secrets in what this process prints. */
export const maskOutput = createOutputMask(process.env);
