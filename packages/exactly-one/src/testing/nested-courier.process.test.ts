import { expect, test } from '@jest/globals';
import { checkFunctions } from './index.ts';
import { createNestedCourier, NESTED_COURIER } from './nested-courier.fixture.ts';

function check(mistakes: Parameters<typeof createNestedCourier>[1] = {}, clockSkewMs = 1_200) {
  return checkFunctions({
    functions: (url) => createNestedCourier(url, mistakes),
    service: NESTED_COURIER,
    guarantee: 'none',
    timings: { clockSkewMs },
    input: () => undefined,
  });
}

test.concurrent('right functions of a service with nested bodies, pages and whole seconds pass', async () => {
  await expect(check()).resolves.toBeUndefined();
});

test.concurrent.each([
  [
    'outcomes that cannot read an error',
    { readsErrors: false },
    /^- create reported the response that rejects an order, 422 {"problem":{"code":"NO_COURIER"}}, so that it counts as unknown \(the response was 422; outcomes\.read threw TypeError: [^\n]*\n {2}Right: let outcomes\.read return the error code/m,
  ],
  ['a list of the first page only', { pages: 1 }, /^- list missed a live item \(the third of 3\)/m],
  [
    'a list that ends at the error of a later page',
    { endsAtError: true },
    /^- list returned 2 of 3 items after a response with status 500 to its second request\./m,
  ],
])('checkFunctions names %s', async (_, mistakes, message) => {
  await expect(check(mistakes)).rejects.toThrow(message);
});

test.concurrent('it names times in whole seconds that clockSkewMs does not allow', async () => {
  await expect(check({}, 200)).rejects.toThrow(
    /^- list returned an asOfMs 9\d\d ms older than the time of the service, and timings\.clockSkewMs allows 200 ms, so an order can wait for ever\.\n {2}Right: .* times in whole seconds need a clockSkewMs of 1000 more/m,
  );
});
