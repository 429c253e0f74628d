/** A board of columns with cards, without a page: each change makes a new board. */

/*::
export interface Card { id: number; text: string }
export interface Column { name: string; cards: Card[] }
*/

/*:: export */ function newBoard() /*: Column[] */ {
  return [
    { name: "To do", cards: [{ id: 1, text: "Try moving this card" }] },
    { name: "In progress", cards: [] },
    { name: "Done", cards: [] },
  ];
}

/*:: export */ function addCard(board /*: Column[] */, column /*: number */, text /*: string */) /*: Column[] */ {
  const trimmed = text.trim();
  if (trimmed === "") return board;
  const id = Math.max(0, ...board.flatMap(({ cards }) => cards.map((card) => card.id))) + 1;
  return board.map((each, index) => (index === column ? { ...each, cards: [...each.cards, { id, text: trimmed }] } : each));
}

/*:: export */ function removeCard(board /*: Column[] */, id /*: number */) /*: Column[] */ {
  return board.map((column) => ({ ...column, cards: column.cards.filter((card) => card.id !== id) }));
}

/** Where a card is: its column and its place in it. */
/*:: export */ function placeOf(board /*: Column[] */, id /*: number */) /*: { column: number; place: number } */ {
  const column = board.findIndex(({ cards }) => cards.some((card) => card.id === id));
  return { column, place: board[column]?.cards.findIndex((card) => card.id === id) ?? -1 };
}

/** Moves a card to a place of a column; both are brought into range. */
/*:: export */ function moveCard(
  board /*: Column[] */,
  id /*: number */,
  column /*: number */,
  place /*: number */ = Infinity,
) /*: Column[] */ {
  const card = board.flatMap(({ cards }) => cards).find((each) => each.id === id);
  if (card === undefined) return board;
  const target = Math.min(Math.max(column, 0), board.length - 1);
  return removeCard(board, id).map((each, index) => {
    if (index !== target) return each;
    const at = Math.min(Math.max(place, 0), each.cards.length);
    return { ...each, cards: [...each.cards.slice(0, at), card, ...each.cards.slice(at)] };
  });
}

if (typeof module !== "undefined") module.exports = { newBoard, addCard, removeCard, placeOf, moveCard }; // for the tests
