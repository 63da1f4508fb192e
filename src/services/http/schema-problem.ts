import type { FastifySchemaValidationError } from 'fastify/types/schema.js';

const MOST_PROBLEMS = 5;
/** They only say that something inside them is wrong, which another error names. */
const WRAPPERS = ['if', 'anyOf', 'oneOf', 'allOf'];

/** Says what a schema found wrong, naming what is allowed. */
export function schemaProblem(errors: readonly FastifySchemaValidationError[], part: string): Error {
  const telling = errors.filter(({ keyword }) => !WRAPPERS.includes(keyword));
  const problems = (telling.length > 0 ? telling : errors).map((error) => `${part}${error.instancePath} ${say(error)}`);
  return new Error([...new Set(problems)].slice(0, MOST_PROBLEMS).join('; '));
}

function say({ keyword, params, message }: FastifySchemaValidationError): string {
  const { allowedValues, additionalProperty } = params;
  if (keyword === 'enum' && Array.isArray(allowedValues)) return `must be one of ${allowedValues.join(', ')}`;
  if (keyword === 'additionalProperties') return `has the unknown property ${JSON.stringify(additionalProperty)}`;
  return message ?? 'is not valid';
}
