import type { Connection } from '@temporalio/client';
import type { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { errorMessage } from '../../contracts/errors.ts';
import { orderSearchAttributes, transferSearchAttributes } from '../../contracts/search-attributes.ts';

export type SearchAttributeKey = ReturnType<typeof defineSearchAttributeKey>;

/** Both client and worker connections have it. */
export type OperatorConnection = Pick<Connection, 'operatorService'>;

/** `temporal.api.enums.v1.IndexedValueType` of Temporal's API. */
const INDEXED_VALUE_TYPES: Readonly<Record<SearchAttributeType, number>> = {
  TEXT: 1,
  KEYWORD: 2,
  INT: 3,
  DOUBLE: 4,
  BOOL: 5,
  DATETIME: 6,
  KEYWORD_LIST: 7,
};

/** All search attributes of orders and transfers. */
export const OUR_SEARCH_ATTRIBUTES: readonly SearchAttributeKey[] = [
  ...Object.values(orderSearchAttributes),
  ...Object.values(transferSearchAttributes),
];

type SearchAttributesOutcome =
  | { readonly outcome: 'present' }
  | { readonly outcome: 'added'; readonly names: readonly string[] }
  /** They could not be added: the reason, and the commands for somebody who may add them. */
  | { readonly outcome: 'missing'; readonly reason: string; readonly commands: readonly string[] };

/**
 * Adds the search attributes that the namespace lacks. Never throws: missing permission to read or add them is an
 * outcome like any other.
 */
export async function ensureSearchAttributes(
  connection: OperatorConnection,
  namespace: string,
  wanted: readonly SearchAttributeKey[] = OUR_SEARCH_ATTRIBUTES,
): Promise<SearchAttributesOutcome> {
  let missing = wanted;
  try {
    missing = await missingSearchAttributes(connection, namespace, wanted);
    if (missing.length === 0) return { outcome: 'present' };
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: indexedTypes(missing) });
    return { outcome: 'added', names: missing.map(({ name }) => name) };
  } catch (error) {
    // Another worker may have just added them.
    const still = await missingSearchAttributes(connection, namespace, wanted).catch(() => missing);
    if (still.length === 0) return { outcome: 'present' };
    return { outcome: 'missing', reason: errorMessage(error), commands: createCommands(still, namespace) };
  }
}

/**
 * Those of the wanted search attributes that the namespace lacks.
 * @throws when one exists with another type, which cannot be corrected by adding it
 */
export async function missingSearchAttributes(
  connection: OperatorConnection,
  namespace: string,
  wanted: readonly SearchAttributeKey[],
): Promise<readonly SearchAttributeKey[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const present = customAttributes ?? {};
  for (const { name, type } of wanted) {
    if (name in present && present[name] !== INDEXED_VALUE_TYPES[type]) {
      throw new Error(`${name} in the namespace ${namespace} does not have the type ${searchAttributeTypeName(type)}`);
    }
  }
  return wanted.filter(({ name }) => !(name in present));
}

/** The type as the Temporal CLI writes it: `KeywordList` for `KEYWORD_LIST`. */
export function searchAttributeTypeName(type: SearchAttributeType): string {
  return type
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
}

function indexedTypes(keys: readonly SearchAttributeKey[]) {
  return Object.fromEntries(keys.map(({ name, type }) => [name, INDEXED_VALUE_TYPES[type]]));
}

function createCommands(keys: readonly SearchAttributeKey[], namespace: string): readonly string[] {
  return keys.map(
    ({ name, type }) =>
      `temporal operator search-attribute create --namespace ${namespace} --name ${name} --type ${searchAttributeTypeName(type)}`,
  );
}
