/** Notes, newest first, without a page: each change makes a new list. */

/*:: export interface Note { id: number; text: string; written: string } */

/*:: export */ function addNote(notes /*: Note[] */, text /*: string */, now /*: Date */ = new Date()) /*: Note[] */ {
  const trimmed = text.trim();
  if (trimmed === "") return notes;
  const id = Math.max(0, ...notes.map((note) => note.id)) + 1;
  return [{ id, text: trimmed, written: now.toISOString() }, ...notes];
}

/*:: export */ function removeNote(notes /*: Note[] */, id /*: number */) /*: Note[] */ {
  return notes.filter((note) => note.id !== id);
}

/** Notes that hold every word of the query, in any order. */
/*:: export */ function findNotes(notes /*: Note[] */, query /*: string */) /*: Note[] */ {
  const words = query.toLowerCase().split(/\s+/);
  return notes.filter(({ text }) => words.every((word) => text.toLowerCase().includes(word)));
}

if (typeof module !== "undefined") module.exports = { addNote, removeNote, findNotes }; // for the tests
