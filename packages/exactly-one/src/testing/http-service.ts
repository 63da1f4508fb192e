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
  /**
   * The field of a create's body that has the order id, unless its route has it: `reference`, or `customer.ref` for a
   * field of a field. Or a function that reads it from the body.
   */
  readonly orderIdField?: string | ((body: ReturnType<typeof JSON.parse>) => string);
  /**
   * The query parameter that asks for a page, `after` or `page`: with it, the service lists in pages of two. Its value is
   * `next` of the page before, which `items` puts into the body. Default: a list is one page.
   */
  readonly pageQuery?: string;
  /** The names of the headers that the requests may have; default `request-deadline` (epoch milliseconds) and `idempotency-key`. */
  readonly headers?: { readonly deadline?: string; readonly key?: string };
  /** An item as the service shows it. */
  item(item: StoredItem): object;
  /** The body of the response to a create, if it is more than the item. */
  created?(item: object): object;
  /** The body of the response to a void. Default: as that of a create. */
  voided?(item: object): object;
  /** The body of a list, or of a page of it. */
  items(items: readonly object[], page: Page): object;
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

/** A list, or with `pageQuery` one page of it. */
export interface Page extends Listing {
  /** Asks for the next page: the number of this one plus 1, as text. Null: this page is the last one. */
  readonly next: string | null;
}

/** Few, so that every list of the checks has more. */
const PAGE_SIZE = 2;

const RULES: Readonly<Record<string, Rule>> = {
  item: A_FUNCTION,
  items: A_FUNCTION,
  accepted: optional(A_FUNCTION),
  orderIdField: optional({
    isValid: (value) => A_TEXT.isValid(value) || A_FUNCTION.isValid(value),
    allowed: 'a field such as customer.ref, or a function of the body',
  }),
  pageQuery: optional(A_TEXT),
  created: optional(A_FUNCTION),
  voided: optional(A_FUNCTION),
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
    rejects: options.rejected !== undefined,
    ...(options.accepted === undefined
      ? {}
      : { acceptedResponse: (operation) => ({ status: 202, body: options.accepted?.(operation) }) }),
    operationOf(request): Operation | undefined {
      const created = create(request);
      if (created !== undefined) {
        const orderId = created.orderId ?? orderIdIn(request.body, orderIdField);
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
    responseTo: (result, request) => responseTo(result, request, options),
  };
}

function responseTo(result: OperationResult, request: ServiceRequest, options: HttpServiceOptions): ServiceResponse {
  const { item, rejected = {} } = options;
  switch (result.kind) {
    case 'created':
      return { status: 201, body: bodyOf(options.created, item(result.item)) };
    case 'voided':
      return { status: 200, body: bodyOf(options.voided ?? options.created, item(result.item)) };
    case 'listed': {
      const page = pageOf(result, request, options);
      return { status: 200, body: options.items(page.items.map(item), page) };
    }
    case 'refused':
      return result.why === 'rejected' ? { status: 422, body: rejected } : { status: 409, body: { error: result.why } };
  }
}

function bodyOf(wrapped: ((item: object) => object) | undefined, item: object): object {
  return wrapped === undefined ? item : wrapped(item);
}

function pageOf({ items, asOfMs }: Listing, { url }: ServiceRequest, { pageQuery }: HttpServiceOptions): Page {
  if (pageQuery === undefined) return { items, asOfMs, next: null };
  const number = Number(url.searchParams.get(pageQuery) ?? 1);
  const end = number * PAGE_SIZE;
  return { items: items.slice(end - PAGE_SIZE, end), asOfMs, next: end < items.length ? String(number + 1) : null };
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

function orderIdIn(body: unknown, field: HttpServiceOptions['orderIdField'] = ''): string {
  return String(typeof field === 'function' ? field(body) : fieldOf(body, field));
}

/** @param path `customer.ref` is the field `ref` of the field `customer` */
function fieldOf(body: unknown, path: string): unknown {
  return path.split('.').reduce((part, field) => {
    const { [field]: value }: Readonly<Record<string, unknown>> = Object(part);
    return value;
  }, body);
}
