import { expect, test } from '@jest/globals';
import { compileMutant } from './compile-mutant.ts';

test('a mutant of a file that the simulation does not use is refused', async () => {
  const mutant = {
    name: 'unused',
    file: 'src/contracts/order.ts',
    from: 'interface OrderInput',
    to: 'interface Order',
  };
  await expect(compileMutant(mutant, '/dev/null')).rejects.toThrow(
    'the simulation does not use src/contracts/order.ts',
  );
});
