import { start } from "./server.js";

const port = Number(process.env.PORT ?? 3000);
// feature:records
// feature:persist
const file = process.env.DATA_FILE ?? "items.json";
// end:persist
// not:persist
// With DATA_FILE=items.json they are kept in that file; otherwise in memory.
const file = process.env.DATA_FILE;
// end:persist
await start({ port, file });
console.log(`Listening at http://localhost:${port}/items`);
// end:records
// not:records
await start({ port });
console.log(`Listening at http://localhost:${port}`);
// end:records
