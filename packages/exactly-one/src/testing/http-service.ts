import { A_FUNCTION, A_TEXT, checkOptions, optional, type Rule } from '../contract/check-options.ts';
import { quoted } from '../contract/quoted.ts';
import type { AcceptedOperation } from '../protocol/create-outcome.ts';
import type { Listing, StoredItem } from './item-store.ts';
import type {
  Operation,
  OperationResult,
  ServiceMapping,
  ServiceRequest,
  ServiceResponse,
} from './scripted-service.ts';

/** The routes and bodies of a service with one route for each operation. */
export interface HttpServiceOptions {
  /** `POST /rooms`, or with the order id in the route: `POST /guests/:orderId/rooms`. */
  readonly create: string;
  /** `GET /rooms?reference=:orderId`. */
  readonly list: string;
  /** `DELETE /rooms/:itemId`; with `:keep` if the request names the item to keep. Default: there is no such route. */
  readonly void?: string;
  /** The field of a create's body that has the order id, unless its route has it. */
  readonly orderIdField?: string;
  /** The names of the headers that the requests may have; default `request-deadline` (epoch milliseconds) and `idempotency-key`. */
  readonly headers?: { readonly deadline?: string; readonly key?: string };
  /** An item as the service shows it. */
  item(item: StoredItem): object;
  /** The body of a list. */
  items(items: readonly object[], listing: Listing): object;
  /** The body with which the service rejects an order, with a code of your `rejecting`; its status is 422. */
  readonly rejected?: object;
  /**
   * The body with which the service accepts a create that it finishes later; its status is 202. Default: it responds only
   * when it has finished.
   */
  accepted?(operation: Required<AcceptedOperation>): object;
  /** Whether it accepts every create, and never responds with an item. Default false: it accepts some. */
  readonly alwaysAccepts?: boolean;
  /** Whether its lists say when they were read. Without it, nobody can notice a stale list, so none is sent. Default true. */
  readonly listsHaveTime?: boolean;
}

const RULES: Readonly<Record<string, Rule>> = {
  item: A_FUNCTION,
  items: A_FUNCTION,
  accepted: optional(A_FUNCTION),
  orderIdField: optional(A_TEXT),
};

/** The names in routes. */
const NAMES: readonly string[] = [':orderId', ':itemId', ':keep'];

type Parameters = Readonly<Partial<Record<'orderId' | 'itemId' | 'keep', string>>>;
type Route = (request: ServiceRequest) => Parameters | undefined;

/**
 * The mapping of a service with one route for each operation, for `checkFunctions` and `expectExactlyOne`. It responds
 * with 201 to a create, 200 to a list or a void, 422 when it rejects an order and 409 when it refuses otherwise.
 * @throws TypeError when a route is not a method and a path
 */
export function httpService(options: HttpServiceOptions): ServiceMapping {
  checkOptions('httpService', options, RULES);
  const { headers: { deadline = 'request-deadline', key = 'idempotency-key' } = {}, orderIdField } = options;
  const create = routeOf('create', options.create);
  const list = routeOf('list', options.list, [':orderId']);
  const voids = options.void === undefined ? () => undefined : routeOf('void', options.void, [':itemId']);
  if (orderIdField === undefined && !options.create.includes(':orderId')) {
    throw new TypeError(
      'httpService: orderIdField must be the field of a create that has the order id, but is undefined',
    );
  }

  const headerOf = ({ headers }: ServiceRequest, name: string) => headers[name.toLowerCase()]?.toString();
  const deadlineOf = (request: ServiceRequest) => {
    const value = headerOf(request, deadline);
    return value === undefined ? {} : { deadlineMs: Number(value) };
  };

  return {
    listsHaveTime: options.listsHaveTime ?? true,
    alwaysAccepts: options.alwaysAccepts ?? false,
    ...(options.accepted === undefined
      ? {}
      : { acceptedResponse: (operation) => ({ status: 202, body: options.accepted?.(operation) }) }),
    operationOf(request): Operation | undefined {
      const created = create(request);
      if (created !== undefined) {
        const orderId = created.orderId ?? fieldOf(request.body, String(orderIdField));
        return { kind: 'create', orderId, key: headerOf(request, key), ...deadlineOf(request) };
      }
      const listed = list(request);
      if (listed !== undefined) return { kind: 'list', orderId: listed.orderId ?? '' };
      const voided = voids(request);
      if (voided === undefined) return undefined;
      const { itemId = '', orderId, keep } = voided;
      return {
        ...{ kind: 'void', itemId, ...deadlineOf(request) },
        ...(orderId === undefined ? {} : { orderId }),
        // A void without a keeper has nothing in its place.
        ...(keep === undefined ? {} : { keep: keep === '' ? null : keep }),
      };
    },
    responseTo: (result) => responseTo(result, options),
  };
}

function responseTo(result: OperationResult, { item, items, rejected = {} }: HttpServiceOptions): ServiceResponse {
  switch (result.kind) {
    case 'created':
      return { status: 201, body: item(result.item) };
    case 'voided':
      return { status: 200, body: item(result.item) };
    case 'listed':
      return { status: 200, body: items(result.items.map(item), result) };
    case 'refused':
      return result.why === 'rejected' ? { status: 422, body: rejected } : { status: 409, body: { error: result.why } };
  }
}

/** Reads `GET /rooms?reference=:orderId`: what a request has in the places of the names. */
function routeOf(option: string, text: string, needed: readonly string[] = []): Route {
  const [, method, pathname = '', query = ''] = /^([A-Z]+) (\/[^?\s]*)(?:\?(\S*))?$/.exec(text) ?? [];
  if (method === undefined) {
    throw new TypeError(
      `httpService: ${option} must be a method and a path, such as GET /rooms?reference=:orderId, but is ${quoted(text)}`,
    );
  }
  const segments = pathname.split('/');
  const searched = [...new URLSearchParams(query)];
  const named = [...segments, ...searched.map(([, wanted]) => wanted)].filter((part) => part.startsWith(':'));
  const unknown = named.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`httpService: ${option} may contain ${NAMES.join(', ')}, but is ${quoted(text)}`);
  }
  const missing = needed.find((name) => !named.includes(name));
  if (missing !== undefined) {
    throw new TypeError(`httpService: ${option} must contain ${missing}, but is ${quoted(text)}`);
  }
  return (request) => {
    const given = request.url.pathname.split('/');
    if (request.method !== method || given.length !== segments.length) return undefined;
    const pairs = [
      ...segments.map((wanted, index) => [wanted, decodeURIComponent(given[index] ?? '')] as const),
      ...searched.map(([name, wanted]) => [wanted, request.url.searchParams.get(name) ?? ''] as const),
    ];
    if (pairs.some(([wanted, value]) => !wanted.startsWith(':') && wanted !== value)) return undefined;
    return Object.fromEntries(
      pairs.filter(([wanted]) => wanted.startsWith(':')).map(([wanted, value]) => [wanted.slice(1), value]),
    );
  };
}

function fieldOf(body: unknown, field: string): string {
  const { [field]: value }: Readonly<Record<string, unknown>> = Object(body);
  return String(value);
}
