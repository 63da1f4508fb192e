import type { SeededRandom } from '../../../testbed/seeded-random.ts';

/**
 * Draws cards in random order, each once before any comes again, so that even a short round contains every card.
 * @param cards at least one
 * @returns the next card
 */
export function createDeck<Card>(random: SeededRandom, cards: readonly Card[]): () => Card {
  let deck: Card[] = [];
  return () => {
    if (deck.length === 0) deck = [...cards];
    const [card] = deck.splice(random.between(0, deck.length - 1), 1);
    if (card === undefined) throw new Error('there is no card in the deck');
    return card;
  };
}
