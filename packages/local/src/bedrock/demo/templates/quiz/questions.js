/** The first answer of each question is the right one; they are shown in another order. */

/*:: export interface Question { text: string; answers: string[] } */

/*:: export */ const questions /*: Question[] */ = [
  { text: "Which planet is the largest of the solar system?", answers: ["Jupiter", "Saturn", "Neptune", "Earth"] },
  { text: "How many bits are in a byte?", answers: ["8", "4", "16", "10"] },
  { text: "Which of these is a markup language?", answers: ["HTML", "SQL", "Bash", "HTTP"] },
  { text: "What does the HTTP status 404 mean?", answers: ["Not found", "Forbidden", "Moved", "Server error"] },
  { text: "Which ocean is the deepest?", answers: ["Pacific", "Atlantic", "Indian", "Arctic"] },
];

if (typeof module !== "undefined") module.exports = { questions }; // for the tests
