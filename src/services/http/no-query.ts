import { Type } from 'typebox';

/** Of a route that knows no query parameters: every one is refused. */
export const NoQuery = Type.Object({}, { additionalProperties: false });
